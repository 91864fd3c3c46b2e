import { describe, expect, it } from 'vitest'
import { type App, json, startBff, until } from './app.ts'
import type { Send } from './browser.ts'

const call = ({ browser }: App, init: Send = {}) => browser.send('/auth/api/gitlab/projects', init)

async function startSignedIn(changes: Parameters<typeof startBff>[0] = {}) {
  const app = startBff(changes)
  await app.signIn()
  return app
}

/** Refuses the first token, and repeats what it is sent with any other. */
const refuseFirst = async (request: Request) =>
  request.headers.get('authorization')?.endsWith('1')
    ? json({ message: 'expired' }, { status: 401 })
    : json(await request.text())

/** A body that comes as a stream, and how to go on with it. */
function createStream() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  return { readable, write: (text: string) => writer.write(new TextEncoder().encode(text)), writer }
}
const streaming = (body: ReadableStream): Send => ({ method: 'POST', body, duplex: 'half' }) as Send

describe('a body on its way to the API', () => {
  it('is repeated with a new token where it is small and its length known', async () => {
    const app = await startSignedIn()
    app.answers.api = refuseFirst
    for (const body of ['', 'x', 'x'.repeat(65_536)]) {
      const headers = { 'content-length': `${body.length}` }
      const answer = await call(app, { method: 'POST', headers, ...(body && { body }) })
      expect(answer.status).toBe(200)
      expect(await answer.json()).toBe(body)
    }
    expect(app.refreshes()).toHaveLength(1)
  })

  it.each<[string, string | null]>([
    ['larger than 64 KiB', '65537'],
    ['of unknown length', null],
    ['of a length that is none', 'many'],
  ])('is not repeated where it is %s: the page gets the 401', async (_, length) => {
    const app = await startSignedIn()
    app.answers.api = refuseFirst
    const change = { 'content-length': length }
    const answer = await call(app, { method: 'POST', body: 'x'.repeat(65_537), change })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({ message: 'expired' })
    expect(app.calls()).toHaveLength(1)
    expect(app.refreshes()).toEqual([])
  })

  it('flows on as it comes', async () => {
    const app = await startSignedIn()
    const { readable, write, writer } = createStream()
    const heard: string[] = []
    app.answers.api = async ({ body }) => {
      const decoder = new TextDecoder()
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>)
        heard.push(decoder.decode(chunk))
      return json([])
    }
    const answer = call(app, streaming(readable))
    await write('one')
    await until(() => expect(heard).toEqual(['one']))
    await write('two')
    await writer.close()
    expect((await answer).status).toBe(200)
    expect(heard).toEqual(['one', 'two'])
  })
})

describe('a body on its way to the page', () => {
  it('flows on as it comes', async () => {
    const app = await startSignedIn()
    const { readable, write, writer } = createStream()
    app.answers.api = () => new Response(readable)
    const { body } = await call(app)
    const reader = (body as ReadableStream<Uint8Array>).getReader()
    const read = async () => new TextDecoder().decode((await reader.read()).value)
    void write('one')
    expect(await read()).toBe('one')
    void write('two')
    expect(await read()).toBe('two')
    void writer.close()
    expect((await reader.read()).done).toBe(true)
  })

  it('may take longer than the headers', async () => {
    const app = await startSignedIn({ timeout: 30 })
    const { readable, write, writer } = createStream()
    app.answers.api = () => new Response(readable)
    const answer = await call(app)
    await new Promise((resolve) => setTimeout(resolve, 60))
    void write('late').then(() => writer.close())
    expect(await answer.text()).toBe('late')
    expect(app.calls()[0]?.request.signal.aborted).toBe(false)
  })

  it('is let go of at the API when the page lets go of it', async () => {
    const app = await startSignedIn()
    let cancelled = false
    const cancel = () => {
      cancelled = true
    }
    app.answers.api = () => new Response(new ReadableStream({ cancel }))
    await (await call(app)).body?.cancel()
    expect(cancelled).toBe(true)
  })

  it('of a refused token is let go of', async () => {
    const app = await startSignedIn()
    let cancelled = false
    const cancel = () => {
      cancelled = true
    }
    app.answers.api = ({ headers }) =>
      headers.get('authorization')?.endsWith('1')
        ? new Response(new ReadableStream({ cancel }), { status: 401 })
        : json([])
    expect((await call(app)).status).toBe(200)
    expect(cancelled).toBe(true)
  })
})

describe('a call that nobody answers', () => {
  const silent = ({ signal }: Request) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  it('is given up after the timeout, with 504', async () => {
    const app = await startSignedIn({ timeout: 30 })
    app.answers.api = silent
    const answer = await call(app)
    expect(answer.status).toBe(504)
    expect(await answer.json()).toMatchObject({ error: 'timeout' })
    expect(app.calls()[0]?.request.signal.aborted).toBe(true)
  })

  it('is given up when the page gives up', async () => {
    const app = await startSignedIn()
    app.answers.api = silent
    const page = new AbortController()
    const answer = call(app, { signal: page.signal })
    await until(() => expect(app.calls()).toHaveLength(1))
    page.abort()
    expect((await answer).status).toBe(502)
    expect(app.calls()[0]?.request.signal.aborted).toBe(true)
  })

  it('is answered 502 without a word of why, and the session stands', async () => {
    const app = await startSignedIn()
    app.answers.api = () => Promise.reject(new TypeError('canary: connect ECONNREFUSED 10.0.0.1'))
    const answer = await call(app)
    expect(answer.status).toBe(502)
    expect(await answer.text()).not.toMatch(/canary|10\.0\.0\.1/)
    expect(answer.headers.getSetCookie()).toEqual([])
    app.answers.api = () => json([])
    expect((await call(app)).status).toBe(200)
  })
})
