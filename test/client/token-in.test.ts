import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { createClient, personalToken } from '../../src/index.ts'
import { gitlab, gitshare } from '../../src/provider/index.ts'
import { type Changes, createLateStorage, createLock, failure, findPlace, json, startApp } from './app.ts'

const provider: NonNullable<Changes['provider']> = ({ base }) => gitlab({ base, token_in: 'query' })

async function startSignedIn(changes: Changes = {}) {
  const app = startApp({ provider, ...changes })
  await app.signIn()
  const account = app.sent.at(-1)
  app.sent.length = 0
  const queries = () => app.sent.map(({ url }) => new URL(url).search)
  return { ...app, account, queries, api: `${app.base}/api/v4/` }
}

describe('a token in the address', () => {
  it('is there for the account and for calls, and in no header', async () => {
    const { client, account, sent, api } = await startSignedIn()
    await client.fetch('projects?page=2', { headers: { authorization: 'Basic mine' } })
    expect(account?.url).toBe(`${api}user?access_token=AT-1`)
    expect(sent[0]?.url).toBe(`${api}projects?page=2&access_token=AT-1`)
    for (const request of [account?.request, sent[0]?.request]) {
      expect(request?.headers.has('authorization')).toBe(false)
      expect(request?.cache).toBe('no-store')
      // Where the Location repeats the query, a redirect would take the token anywhere.
      expect(request?.redirect).toBe('error')
    }
  })

  it('security 96: is the default of no forge, and a word that only two know', async () => {
    expect([gitlab().token_in, gitshare().token_in]).toEqual([undefined, undefined])
    expect(gitshare({ token_in: 'query' }).token_in).toBe('query')
    const { client, sent } = await startSignedIn({ provider: ({ base }) => gitlab({ base }) })
    await client.fetch('projects', { redirect: 'manual' })
    expect(sent[0]?.url).not.toContain('AT-')
    // That of the header goes where the app says: browsers take it off on the way to another origin.
    expect(sent[0]?.request).toMatchObject({ redirect: 'manual', cache: 'default' })
  })

  it('is that of the session, once, whatever the address says', async () => {
    const { client, sent, api } = await startSignedIn()
    for (const query of ['access_token=mine', 'access_token=a&%61ccess_token=b', 'access_token=AT-1'])
      await client.fetch(`${api}projects?${query}`)
    await client.fetch(new Request(`${api}projects?access_token=mine`))
    for (const { url } of sent) expect(new URL(url).searchParams.getAll('access_token')).toEqual(['AT-1'])
    expect(sent).toHaveLength(4)
  })

  it('is renewed on 401, and the call is made once more', async () => {
    const { client, answers, queries, exchanges } = await startSignedIn()
    answers.rest = ({ url }) => json({}, { status: url.includes('AT-1') ? 401 : 201 })
    expect((await client.fetch('projects?a=1', { method: 'POST', body: 'x' })).status).toBe(201)
    expect(queries()).toEqual(['?a=1&access_token=AT-1', '', '?a=1&access_token=AT-2'])
    expect(exchanges()).toHaveLength(1)
  })

  it('leaves method, headers and body as they are, of a Request too, also in Firefox', async () => {
    const { client, sent, api } = await startSignedIn()
    const init = { method: 'PUT', headers: { 'x-mine': '1', 'content-type': 'text/plain' }, body: 'a=1' }
    const shown = Object.getOwnPropertyDescriptor(Request.prototype, 'body')
    const calls = async () => {
      await client.fetch('projects', init)
      await client.fetch(new Request(`${api}projects`, init))
      await client.fetch(new Request(`${api}projects`), init)
    }
    await calls()
    try {
      // Firefox does not show the body of a Request, nor takes it over into one for another address.
      Object.defineProperty(Request.prototype, 'body', { get: () => undefined, configurable: true })
      await calls()
    } finally {
      Object.defineProperty(Request.prototype, 'body', shown ?? {})
    }
    for (const { request, body } of sent) {
      expect([request.method, body.get('a'), request.headers.get('x-mine')]).toEqual(['PUT', '1', '1'])
      expect(request.headers.get('content-type')).toBe('text/plain')
    }
    expect(sent).toHaveLength(6)
  })

  it('ends with the call that its app gives up', async () => {
    const { client, sent } = await startSignedIn()
    const abort = new AbortController()
    await client.fetch('projects', { signal: abort.signal })
    abort.abort()
    expect(sent[0]?.request.signal.aborted).toBe(true)
  })

  it('goes nowhere but below the API base', async () => {
    const { client, sent } = await startSignedIn()
    for (const address of ['https://evil.example/', '../v5/', '/oauth/token', '?x=1#/../'])
      await client.fetch(address).catch(() => {})
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(['/api/v4/'])
  })

  it.each([400, 401, 403, 500])(
    'is in no error and no session, whatever the forge says with %i',
    async (status) => {
      for (const words of ['', 'AT-1', 'access_token=AT-2']) {
        const { client, answers } = await startSignedIn()
        answers.rest = ({ url }) => json({ error: words, url }, { status, headers: { link: `<${url}>` } })
        const answer = await client.fetch('projects').catch((reason: unknown) => reason)
        const named = await failure(client.fetch('https://evil.example/?access_token=AT-1'))
        expect(answer instanceof Error).toBe(status === 401)
        const shown = [named, answer instanceof Error && answer, await client.session(), client.snapshot]
        expect(`${inspect(shown, { depth: 9, showHidden: true })}${JSON.stringify(shown)}`).not.toContain(
          'AT-',
        )
      }
    },
  )

  it('is taken by the emulated GitLab, whose links lead to the next page with it', async () => {
    const { base } = findPlace()
    const forge = createForge('gitlab')
    const sent: string[] = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      sent.push(request.url)
      return forge.fetch(request)
    }
    const { personal_token_header: _, ...plain } = gitlab({ base, token_in: 'query' })
    const common = { storage: createLateStorage(), lock: createLock(), fetch }
    const client = createClient({ provider: plain, grant: personalToken(), ...common })
    await client.login({ token: 'ada-personal-token' })
    const answer = await client.fetch('projects?membership=true')
    const [, link = ''] = /<([^>]+)>/.exec(answer.headers.get('link') ?? '') ?? []
    expect((await client.fetch(link)).status).toBe(200)
    for (const url of sent)
      expect(new URL(url).searchParams.getAll('access_token')).toEqual(['ada-personal-token'])
    expect(sent).toHaveLength(3)
  })
})
