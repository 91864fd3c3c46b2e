import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { popup } from '../../src/index.ts'
import { failure, until } from '../client/app.ts'
import { put, startPopup, takeBack } from './window.ts'

const pause = (time = 20) => new Promise((resolve) => setTimeout(resolve, time))

/** Expects that a sign-in still waits, and that nothing was asked of the server. */
async function expectWaiting(login: Promise<unknown>, app: { sent: unknown[] }) {
  expect(await Promise.race([login, pause().then(() => 'waiting')])).toBe('waiting')
  expect(app.sent).toEqual([])
}

beforeEach(() => put('origin', location.origin))
afterEach(takeBack)

describe('a page that waits for the window it has opened', () => {
  it('security 32: passes over messages of every other origin, and takes the right one later', async () => {
    const app = startPopup()
    const { login, address } = await app.press()
    const { origin, protocol, host } = new URL(app.redirect_uri)
    const others = [`${origin}.evil.example`, `${protocol}//evil.${host}`, `${origin}/`, 'null', '', '*']
    for (const other of [...others, `${protocol}//${host.split(':')[0]}:8443`, origin.toUpperCase()])
      app.deliver(address, { origin: other })
    await expectWaiting(login, app)
    app.deliver(address)
    expect(await login).toMatchObject({ scope: 'read_user' })
    expect(app.exchanges()).toHaveLength(1)
  })

  it('security 33: answers its window by name, and says nothing before', async () => {
    const app = startPopup()
    const { login, address } = await app.press()
    expect(app.heard).toEqual([])
    app.deliver(address)
    await login
    expect(app.heard).toEqual([[true, new URL(app.redirect_uri).origin]])
  })

  it('security 34: takes no message of another window, whatever it says', async () => {
    const app = startPopup()
    const { login, address } = await app.press()
    const frame = document.createElement('iframe').contentWindow
    for (const source of [globalThis, frame, null, undefined, { ...app.child }])
      app.deliver(address, { source })
    await expectWaiting(login, app)
    app.deliver(address)
    await login
  })

  it.each([
    ['another issuer', '&iss=https://evil.example', 'issuer_mismatch'],
    ['two codes', '&code=b', 'duplicate_parameter'],
    ['a token beside the code', '&access_token=x', 'response_type_mismatch'],
  ])('security 34: judges what its window brings as any other response: %s', async (_, more, code) => {
    const app = startPopup()
    const { login, address } = await app.press()
    app.deliver(address + more)
    expect(await failure(login)).toMatchObject({ code })
    expect(app.sent).toEqual([])
    expect(app.child.closed).toBe(true)
  })

  it('security 36: does not end for a window that reads as closed, and is signed in by it later', async () => {
    const app = startPopup()
    const words: unknown[] = []
    app.client.subscribe((word) => words.push(word))
    const { login, address } = await app.press()
    app.child.closed = true
    await until(() => expect(words).toContain('maybe_closed'))
    await expectWaiting(login, app)
    app.deliver(address)
    expect(await login).toMatchObject({ scope: 'read_user' })
  })

  it('security 36: ends with popup_closed when the person cancels, and the sign-in with it', async () => {
    const app = startPopup()
    const sign = new AbortController()
    const { login, address } = await app.press(sign.signal)
    sign.abort()
    expect(await failure(login)).toMatchObject({ code: 'popup_closed' })
    expect(app.child.closed).toBe(true)
    expect([...app.transactions.keys()]).toEqual([])
    app.deliver(address)
    await pause()
    expect(app.sent).toEqual([])
  })

  it('security 37: hears a window that was cut off by its channel, and takes its word once', async () => {
    const app = startPopup()
    const { login, state, address } = await app.press()
    const other = new BroadcastChannel(`forgepass ${state}`)
    const answers: unknown[] = []
    other.onmessage = ({ data }) => answers.push(data)
    for (const word of ['hello', `${address}x`, { href: address }, address]) other.postMessage(word)
    app.deliver(address)
    expect(await login).toMatchObject({ scope: 'read_user' })
    await pause()
    other.close()
    expect(answers.every((answer) => answer === true)).toBe(true)
    expect(app.exchanges()).toHaveLength(1)
  })

  it('security 39: takes text only, and never looks at anything else twice', async () => {
    const app = startPopup()
    const { login, address } = await app.press()
    let looks = 0
    const lure = () => {
      looks += 1
      return address
    }
    const proxy = new Proxy({}, { get: lure, ownKeys: () => ['url'] })
    const shapes = [
      { url: address },
      { toString: lure, href: address },
      proxy,
      [address],
      new String(address),
    ]
    for (const data of [...shapes, null, 1, true, '', 'no address', new URL(address)]) app.deliver(data)
    for (const part of ['/more?', '?state=other&']) app.deliver(address.replace('?', part))
    await expectWaiting(login, app)
    expect(looks).toBe(0)
    app.deliver(address)
    await login
  })
})

describe('a window for the sign-in', () => {
  it('security 35: is not opened by a page whose origin is that of all sandboxed ones', async () => {
    const app = startPopup()
    put('origin', 'null')
    expect(await failure(app.client.login())).toMatchObject({ code: 'opaque_origin' })
    expect(app.opens).toEqual([])
    expect([...app.transactions.keys()]).toEqual([])
  })

  it('security 38: is opened before anything waits, at no address yet', () => {
    const app = startPopup()
    app.client.login().catch(() => {})
    // The click still counts.
    expect(app.opens).toHaveLength(1)
    expect(app.opens[0]?.[0]).toBe('')
    expect(app.visited).toEqual([])
  })

  it('security 38: that is blocked says so, and leaves no sign-in behind', async () => {
    const app = startPopup()
    put('open', () => null)
    expect(await failure(app.client.login())).toMatchObject({
      code: 'popup_blocked',
      hint: expect.any(String),
    })
    expect([...app.transactions.keys()]).toEqual([])
  })

  it('security 39: leaves nothing that listens, in a hundred sign-ins of every end', async () => {
    const listening = new Set<unknown>()
    const { addEventListener: add } = globalThis
    put('addEventListener', (name: string, task: EventListener, options?: AddEventListenerOptions) => {
      if (name === 'message') {
        listening.add(task)
        options?.signal?.addEventListener('abort', () => listening.delete(task))
      }
      add.call(globalThis, name, task, options)
    })
    for (let turn = 0; turn < 100; turn += 1) {
      const app = startPopup({ flow: popup() })
      const sign = new AbortController()
      const { login, address } = await app.press(sign.signal)
      expect(listening.size).toBe(1)
      if (turn % 2) sign.abort()
      else app.deliver(turn % 4 ? `${address}&error=x` : address)
      await login.catch(() => {})
      expect(listening.size).toBe(0)
    }
  })
})
