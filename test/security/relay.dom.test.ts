import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { relay } from '../../src/index.ts'
import { arrive } from '../client/page.ts'
import { createWindow, put, takeBack } from './window.ts'

/** The callback page in a window that somebody else has opened. */
function startWindow(state: string) {
  const parent = createWindow()
  put('opener', parent.child)
  let isClosed = false
  put('close', () => {
    isClosed = true
  })
  arrive(`/callback/relay?code=CODE&state=${state}`)
  const { href } = location
  const answer = (more: object = {}) =>
    dispatchEvent(Object.assign(new Event('message'), { data: true, source: parent.child, ...more }))
  return { ...parent, href, answer, isClosed: () => isClosed }
}

beforeEach(() => put('origin', location.origin))
afterEach(takeBack)

describe('the callback page in the window of a sign-in', () => {
  it('security 33: tells its response to windows of its own origin, by name, and to nobody else', async () => {
    const page = startWindow('one')
    const done = relay()
    expect(page.heard).toEqual([[page.href, location.origin]])
    expect(location.href).not.toMatch(/code|state/)
    page.answer()
    expect(await done).toBe(true)
    expect(page.isClosed()).toBe(true)
  })

  it('security 34: believes nobody else that its response has arrived', async () => {
    const page = startWindow('two')
    const done = relay()
    for (const more of [
      { source: globalThis },
      { source: null },
      { data: 'true' },
      { data: { taken: true } },
    ])
      page.answer(more)
    expect(await done).toBe(false)
    expect(page.isClosed()).toBe(false)
  })

  it('security 37: gets there by its channel where its opener is gone', async () => {
    const page = startWindow('three')
    put('opener', null)
    const parent = new BroadcastChannel('forgepass three')
    const heard: unknown[] = []
    parent.onmessage = ({ data }) => {
      heard.push(data)
      parent.postMessage(true)
    }
    expect(await relay()).toBe(true)
    parent.close()
    expect(heard).toEqual([page.href])
    expect(page.heard).toEqual([])
  })
})
