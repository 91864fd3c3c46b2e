import { describe, expect, it } from 'vitest'
import { createForge, type ForgeOptions } from '../../src/emulator/index.ts'
import { type ClientOptions, createClient, type Flow } from '../../src/index.ts'
import { gitea, gitkraken, gitlab, type Provider } from '../../src/provider/index.ts'
import { createLateStorage, createLock, failure, json, startApp, until } from './app.ts'

let places = 0

/** A client at a Gitea in memory, below a path; its flow is a person who says yes. */
function startGitea(options: ForgeOptions<'gitea'> = {}) {
  places += 1
  const clock = { now: Date.UTC(2026, 9, 1) }
  const now = () => clock.now
  const redirect_uri = `https://app.example/callback/gitea-${places}`
  const clients = [{ client_id: 'spa', name: 'Reader', redirect_uris: [redirect_uri] }]
  const forge = createForge('gitea', { basePath: '/git', clients, now, ...options })
  const base = `https://gitea-${places}.example/git/`
  const issued: string[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await forge.fetch(new Request(input, init))
    const { refresh_token } = await response.clone().json()
    if (refresh_token) issued.push(refresh_token)
    return response
  }
  /** Refreshes elsewhere, as whoever has stolen the token does. */
  const steal = () => {
    const params = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: issued.at(-1) ?? '' }
    const body = new URLSearchParams(params)
    return forge.fetch(new Request(`${base}login/oauth/access_token`, { method: 'POST', body }))
  }
  const person = { alter: (_: URL) => {} }
  const flow: Flow = async (url) => {
    const back = await forge.visit(await url)
    person.alter(back)
    return back
  }
  const transactions = createLateStorage()
  const stores = { storage: createLateStorage(), transactions, lock: createLock() }
  const app = { client_id: 'spa', redirect_uri, scope: 'read:user' }
  const client = createClient({ provider: gitea({ base }), ...app, ...stores, flow, fetch, now })
  const grants = () => forge.requests.map(({ params }) => params.grant_type).filter(Boolean)
  return { client, forge, clock, person, steal, grants }
}

describe('a client at a Gitea below a path', () => {
  it('signs in, knows the account, calls the API and renews the token', async () => {
    const { client, clock, grants, forge } = startGitea({ invalidate_refresh_tokens: true })
    await client.login()
    await until(() => expect(client.snapshot?.account).toMatchObject({ username: 'ada', name: 'Ada Okafor' }))
    expect((await client.fetch('user')).status).toBe(200)
    clock.now += 3600_000
    expect((await client.fetch('user')).status).toBe(200)
    expect(grants()).toEqual(['authorization_code', 'refresh_token'])
    // It has no route for that.
    expect(await client.logout()).toEqual({ revoked: false })
    expect(forge.requests.filter(({ path }) => /revo/.test(path))).toEqual([])
  })

  it('ends the session when the refresh token was used before, in its own word for it', async () => {
    const { client, clock, steal } = startGitea({ invalidate_refresh_tokens: true })
    await client.login()
    expect((await steal()).status).toBe(200)
    clock.now += 3600_000
    const error = await failure(client.fetch('user'))
    expect(error).toMatchObject({ code: 'login_required', error: 'unauthorized_client' })
    expect(await client.session()).toBeNull()
  })

  it('takes the same word at the exchange for an error of this sign-in alone', async () => {
    const { client, person } = startGitea()
    await client.login()
    await until(() => expect(client.snapshot?.account).toBeDefined())
    const before = await client.session()
    person.alter = (url) => url.searchParams.set('code', 'gta_unknown')
    expect(await failure(client.login())).toMatchObject({
      code: 'token_endpoint_error',
      error: 'unauthorized_client',
    })
    expect(await client.session()).toEqual(before)
  })
})

describe('the word of one provider at another', () => {
  it('ends no session', async () => {
    const app = startApp()
    await app.signIn()
    app.answers.token = () => json({ error: 'unauthorized_client' }, { status: 400 })
    app.clock.now += 7200_000
    expect(await failure(app.client.accessToken())).toMatchObject({ error: 'unauthorized_client' })
    expect(await app.client.session()).not.toBeNull()
  })
})

describe('the addresses of a provider', () => {
  it.each(['https://h.example/git', 'https://h.example/git/', new URL('https://h.example/git/')])(
    'are those below %s, with or without a slash',
    (base) => {
      expect(gitea({ base })).toMatchObject({
        issuer: 'https://h.example/git',
        authorization_endpoint: 'https://h.example/git/login/oauth/authorize',
        token_endpoint: 'https://h.example/git/login/oauth/access_token',
        api_base: 'https://h.example/git/api/v1/',
      })
      expect(gitkraken({ base })).toMatchObject({
        token_endpoint: 'https://h.example/git/oauth/access_token',
        api_base: 'https://h.example/git/v1/glo/',
      })
    },
  )

  it('are GitKraken’s own three hosts by default', () => {
    const { authorization_endpoint, token_endpoint, api_base } = gitkraken()
    expect([authorization_endpoint, token_endpoint, api_base]).toEqual([
      'https://app.gitkraken.com/oauth/authorize',
      'https://api.gitkraken.com/oauth/access_token',
      'https://gloapi.gitkraken.com/v1/glo/',
    ])
  })
})

describe('a provider whose code demands a secret', () => {
  const app = { client_id: 'APP', redirect_uri: 'https://app.example/callback/secret' }
  const refused = {
    code: 'secret_required',
    hint: 'A client_secret never belongs in a browser: use the BFF.',
  }

  it.each<[string, Provider]>([
    ['GitKraken', gitkraken()],
    ['an old Gitea', gitea({ base: 'https://old.example', profile: 'documented' })],
    ['a GitLab that says so', { ...gitlab(), grants: { code: 'confidential' } }],
  ])('%s: makes no client in a browser', (_, provider) => {
    expect(() => createClient({ provider, ...app })).toThrow(expect.objectContaining(refused))
    const stray = { provider, ...app, client_secret: 'x' } as unknown as ClientOptions
    expect(() => createClient(stray)).toThrow(expect.objectContaining({ code: 'client_secret_in_browser' }))
  })
})
