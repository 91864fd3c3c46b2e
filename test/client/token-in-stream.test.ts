import { describe, expect, it } from 'vitest'
import { createClient, personalToken } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { createLateStorage, createLock, json, startApp } from './app.ts'

/** A body that does not end. */
function startStream() {
  const seen = { pulls: 0 }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve))
        seen.pulls += 1
        controller.enqueue(new Uint8Array(1024))
      },
    },
    { highWaterMark: 0 },
  )
  return { seen, init: { method: 'POST', body, duplex: 'half' } as RequestInit }
}

/** Somebody signed in at a GitLab that takes tokens in the address. */
async function startSignedIn() {
  const app = startApp({ provider: ({ base }) => gitlab({ base, token_in: 'query' }) })
  await app.signIn()
  app.sent.length = 0
  return app
}

describe('a call whose body is a stream', () => {
  it('rejects when its app gives up, with the token in the address, and is read no further', async () => {
    const { client, sent } = await startSignedIn()
    const { seen, init } = startStream()
    const abort = new AbortController()
    const call = client.fetch('projects', { ...init, signal: abort.signal })
    setTimeout(() => abort.abort(), 20)
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    const { pulls } = seen
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(seen.pulls).toBeLessThanOrEqual(pulls + 1)
    expect(sent).toEqual([])
  })

  it('is not read at all where it was given up before', async () => {
    const { client, sent } = await startSignedIn()
    const call = client.fetch('projects', { ...startStream().init, signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    expect(sent).toEqual([])
  })

  it('goes out as it comes where the token is in a header', async () => {
    const { seen, init } = startStream()
    const sent: Request[] = []
    const fetch: typeof globalThis.fetch = async (input, more) => {
      const request = new Request(input, more)
      sent.push(request)
      return json({ id: 7, username: 'ada' })
    }
    const common = { storage: createLateStorage(), lock: createLock(), fetch }
    const client = createClient({ provider: gitlab(), grant: personalToken(), ...common })
    await client.login({ token: 'ada-personal-token' })
    await client.fetch('projects', init)
    expect(seen.pulls).toBe(0)
    const last = sent.at(-1)
    expect(last).toMatchObject({ method: 'POST', cache: 'no-store', redirect: 'error' })
    expect(last?.headers.get('private-token')).toBe('ada-personal-token')
    expect((await last?.body?.getReader().read())?.value).toHaveLength(1024)
  })
})
