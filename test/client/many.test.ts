import { describe, expect, it } from 'vitest'
import { createClient, type Flow } from '../../src/index.ts'
import {
  forgejo,
  gitcode,
  gitea,
  github,
  gitkraken,
  gitlab,
  gitshare,
  type Provider,
} from '../../src/provider/index.ts'
import { createLock, failure, json, startApp, until } from './app.ts'

/** Everybody who leaves for a forge from one page, with the states they left with. */
function createFlow() {
  const gone: URL[] = []
  const flow: Flow = async (url) => {
    gone.push(await url)
    return new Promise(() => {})
  }
  return { gone, flow }
}

describe('two sign-ins at once in one page', () => {
  it('end each in its own session, whichever comes back first', async () => {
    const { gone, flow } = createFlow()
    const app = startApp({ flow })
    const clients = ['home', 'work'].map((name) => app.open({ name }))
    for (const client of clients) void client.login({ return_to: `/${clients.indexOf(client)}` })
    await until(() => expect(gone).toHaveLength(2))
    const [home, work] = gone.map(({ searchParams }) => app.back(searchParams)) as [string, string]
    expect(await clients[0]?.callback(work)).toBeUndefined()
    const later = await clients[1]?.callback(work)
    expect(await clients[1]?.callback(home)).toBeUndefined()
    const first = await clients[0]?.callback(home)
    expect([first?.return_to, later?.return_to]).toEqual(['/0', '/1'])
    expect(await clients[1]?.accessToken()).toBe('AT-1')
    expect(await clients[0]?.accessToken()).toBe('AT-2')
    expect(app.exchanges()).toHaveLength(2)
  })

  it('of one client end both, and the later one is its session', async () => {
    const { gone, flow } = createFlow()
    const app = startApp({ flow })
    for (const return_to of ['/one', '/two']) void app.client.login({ return_to })
    await until(() => expect(gone).toHaveLength(2))
    const [one, two] = gone.map(({ searchParams }) => app.back(searchParams)) as [string, string]
    const done = await Promise.all([app.client.callback(two), app.client.callback(one)])
    expect(done.map((each) => each?.return_to)).toEqual(['/two', '/one'])
    const verifiers = app.exchanges().map(({ body }) => body.get('code_verifier'))
    expect(new Set(verifiers).size).toBe(2)
    const token = await app.client.accessToken()
    expect(await app.open().accessToken()).toBe(token)
  })

  it('leave the one alone when the other is denied', async () => {
    const { gone, flow } = createFlow()
    const app = startApp({ flow })
    for (const return_to of ['/one', '/two']) void app.client.login({ return_to })
    await until(() => expect(gone).toHaveLength(2))
    const [one, two] = gone.map(({ searchParams }) => searchParams) as [URLSearchParams, URLSearchParams]
    const denied = app.back(one, { code: '', error: 'access_denied' })
    expect(await failure(app.client.callback(denied))).toMatchObject({ error: 'access_denied' })
    expect(await app.client.callback(app.back(two))).toMatchObject({ return_to: '/two' })
  })
})

describe('a sign-in that an e-mail brings back in a new tab', () => {
  it('ends there, and the tab it began in is signed in too', async () => {
    const app = startApp()
    const request = await app.start({ return_to: '/invitation' })
    expect(await app.client.session()).toBeNull()
    const tab = app.open({ lock: createLock() })
    expect(await tab.callback(app.back(request))).toMatchObject({ return_to: '/invitation' })
    await until(() => expect(app.client.snapshot?.account?.username).toBe('ada'))
    expect(await app.client.accessToken()).toBe(await tab.accessToken())
    // The tab of the beginning comes back as well.
    expect(await app.client.callback(app.back(request))).toMatchObject({ return_to: '/invitation' })
    expect(app.exchanges()).toHaveLength(1)
  })

  it('is nobody’s in another browser, and still waits in its own', async () => {
    const app = startApp()
    const request = await app.start()
    const stranger = { storage: new Map(), transactions: new Map(), lock: createLock() }
    expect(await failure(app.open(stranger).callback(app.back(request)))).toMatchObject({
      code: 'state_mismatch',
    })
    expect(app.exchanges()).toEqual([])
    expect(await app.client.callback(app.back(request))).toMatchObject({ session: { scope: 'read_user' } })
  })
})

describe('seven clients with seven providers on one callback page', () => {
  const redirect_uri = 'https://app.example/callback/all'
  /** Every forge as one that pages may use, and that names itself in its answers, or they could not share a page. */
  const asOne = (provider: Provider): Provider => ({
    ...provider,
    grants: { code: 'public' },
    pkce: undefined as never,
    authorization_redirect_uri: undefined as never,
    token_redirect_uri: undefined as never,
    authorization_response_iss_parameter_supported: true,
  })
  const base = (name: string) => ({ base: `https://${name}.all.example` })
  const providers = [
    ...[gitlab(base('gitlab')), gitea(base('gitea')), forgejo(base('forgejo')), github(base('github'))],
    ...[gitcode(base('gitcode')), gitkraken(base('gitkraken')), gitshare(base('gitshare'))],
  ].map(asOne)

  /** Seven clients of one page whose people have all left; each forge gives its own token. */
  async function startAll() {
    const { gone, flow } = createFlow()
    const asked: string[] = []
    const storage = new Map<string, unknown>()
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      const { hostname, origin, pathname } = new URL(request.url)
      if (request.method === 'POST') asked.push(origin + pathname)
      return json({ access_token: `AT-${hostname}`, token_type: 'bearer', scope: 'x' })
    }
    const common = { client_id: 'spa', redirect_uri, scope: 'x', flow, fetch, storage }
    const shared = { transactions: new Map<string, unknown>(), lock: createLock(), navigate: () => {} }
    const clients = providers.map((provider) => createClient({ provider, ...common, ...shared }))
    for (const [index, client] of clients.entries()) {
      void client.login()
      await until(() => expect(gone).toHaveLength(index + 1))
    }
    const address = (index: number, iss = providers[index]?.issuer ?? '') => {
      const state = gone[index]?.searchParams.get('state') ?? ''
      return `${redirect_uri}?${new URLSearchParams({ code: 'CODE', state, iss })}`
    }
    return { clients, asked, address, storage }
  }

  it('take each its own answer, and leave the others’ alone', async () => {
    const { clients, asked, address } = await startAll()
    for (const [index, provider] of providers.entries()) {
      // As the page does, which cannot know whose it is.
      const results = await Promise.all(clients.map((client) => client.callback(address(index))))
      expect(results.map((result) => !!result)).toEqual(clients.map((_, at) => at === index))
      expect(asked.splice(0)).toEqual([provider.token_endpoint])
    }
    const tokens = await Promise.all(clients.map((client) => client.accessToken()))
    expect(tokens).toEqual(providers.map(({ token_endpoint }) => `AT-${new URL(token_endpoint).hostname}`))
  })

  it('take no answer that one forge gives for another', async () => {
    const { clients, asked, address, storage } = await startAll()
    for (const index of providers.keys()) {
      const other = providers[(index + 1) % providers.length]?.issuer ?? ''
      const results = await Promise.allSettled(
        clients.map((client) => client.callback(address(index, other))),
      )
      const reasons = results.map((result) => result.status === 'rejected' && result.reason.code)
      expect(reasons).toEqual(clients.map((_, at) => at === index && 'issuer_mismatch'))
    }
    expect(asked).toEqual([])
    expect(storage.size).toBe(0)
  })
})
