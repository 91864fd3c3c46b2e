import { describe, expect, it } from 'vitest'
import { type App, json, startBff } from './app.ts'
import type { Send } from './browser.ts'

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Somebody whose upload is on its way, at a timeout of 60 ms. */
async function startUpload(api: App['answers']['api']) {
  const app = startBff({ timeout: 60 })
  await app.signIn()
  app.answers.api = api
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const init = { method: 'POST', body: readable, duplex: 'half' } as Send
  const answer = app.browser.send('/auth/api/gitlab/projects', init)
  const write = (text: string) => writer.write(new TextEncoder().encode(text))
  return { app, answer, write, close: () => writer.close() }
}

/** Answers after the whole body as a forge does, which gives up when the caller does. */
const reading = async (request: Request) => {
  const text = await request.text()
  request.signal.throwIfAborted()
  return json(text)
}

describe('an upload', () => {
  it('that takes longer than the timeout goes through', async () => {
    const { app, answer, write, close } = await startUpload(reading)
    for (const part of ['one ', 'two ', 'three']) {
      await write(part)
      await wait(50)
    }
    await close()
    expect((await answer).status).toBe(200)
    expect(await (await answer).json()).toBe('one two three')
    expect(app.calls()).toHaveLength(1)
  })

  it('that is never answered is given up after the timeout, from its end on', async () => {
    const { app, answer, write, close } = await startUpload(async (request) => {
      await request.text()
      return new Promise<never>((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason))
      })
    })
    await write('one')
    await wait(150)
    expect(app.calls()[0]?.request.signal.aborted).toBe(false)
    const start = performance.now()
    await close()
    expect((await answer).status).toBe(504)
    expect(performance.now() - start).toBeGreaterThan(50)
    expect(app.calls()[0]?.request.signal.aborted).toBe(true)
  })

  it('that is answered before its end has the whole answer, however long that takes', async () => {
    const heard: string[] = []
    const late = new TransformStream<Uint8Array, Uint8Array>()
    const { app, answer, write, close } = await startUpload(({ body }) => {
      void new Response(body).text().then((text) => heard.push(text))
      return new Response(late.readable)
    })
    await write('one')
    const { status, body } = await answer
    expect(status).toBe(200)
    await close()
    await wait(150)
    expect(app.calls()[0]?.request.signal.aborted).toBe(false)
    expect(heard).toEqual(['one'])
    await body?.cancel()
  })
})
