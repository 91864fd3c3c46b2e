import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import type { ImplicitOptions, OAuthError, OAuthErrorCode } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { type App, type Changes, failure, json, type Place, startApp } from './app.ts'
import { byImplicit, fragment, tellAudience } from './implicit-app.ts'

/** An app of the implicit grant at a scripted forge that knows it. */
function startImplicit(changes: Changes = {}, options?: ImplicitOptions) {
  const app = startApp({ ...byImplicit(options), ...changes })
  app.answers.rest = tellAudience('spa')
  return app
}

/** A callback that has to fail, and what it must not leave behind. */
interface Refusal {
  readonly callback?: (state: string | null) => string
  readonly prepare?: (app: App) => void
  readonly changes?: Changes
  readonly code: OAuthErrorCode
}

/** Brings a person back, who was signed in before or not, and looks that it fails and stores nothing. */
async function expectRefusal({ callback = fragment, prepare, changes, code }: Refusal): Promise<OAuthError> {
  let last: OAuthError | undefined
  for (const isSignedIn of [true, false]) {
    const app = startImplicit(changes)
    const { client, redirect_uri, storage } = app
    if (isSignedIn)
      await client.callback(
        redirect_uri + fragment((await app.start()).get('state'), { access_token: 'OLD' }),
      )
    const [session, stored] = [await client.session(), structuredClone([...storage])]
    const state = (await app.start()).get('state')
    prepare?.(app)
    last = await failure(client.callback(redirect_uri + callback(state)))
    expect(last).toMatchObject({ code })
    expect([...storage]).toEqual(stored)
    expect(await client.session()).toEqual(session)
    expect(app.exchanges()).toEqual([])
    expect(inspect(last, { depth: 9 }) + JSON.stringify(last)).not.toContain('AT-implicit')
  }
  return last as OAuthError
}

describe('signing in by the implicit grant', () => {
  it('security 25: works at a GitLab of old: asks for a token without PKCE, and checks whose it is', async () => {
    const clock = { now: Date.UTC(2026, 9, 1) }
    const redirect_uri = 'https://app.example/callback/implicit'
    const forge = createForge('gitlab', {
      profile: 'documented',
      cors: true,
      clients: [{ client_id: 'spa', name: 'App', redirect_uris: [redirect_uri] }],
      now: () => clock.now,
    })
    const app = startApp({
      ...byImplicit(),
      place: { base: 'https://old-gitlab.example', redirect_uri },
      scope: 'api',
      fetch: (input, init) => forge.fetch(new Request(input, init)),
      now: () => clock.now,
    })
    const request = await app.start({ return_to: '/here' })
    const { state, ...parameters } = Object.fromEntries(request)
    expect(parameters).toEqual({ response_type: 'token', client_id: 'spa', redirect_uri, scope: 'api' })
    const back = await forge.visit(`https://old-gitlab.example/oauth/authorize?${request}`)
    expect(back.search).toBe('')
    const done = await app.client.callback(back)
    const expires_at = clock.now + 7_200_000
    expect(done).toMatchObject({
      return_to: '/here',
      session: { scope: 'api', expires_at, account: { username: 'ada' } },
    })
    expect(app.shown).toEqual(['/here'])
    expect(forge.requests.slice(-2).map(({ path }) => path)).toEqual(['/oauth/token/info', '/api/v4/user'])
    expect((await app.client.fetch('projects?membership=true')).status).toBe(200)
    expect(state).toBe(new URLSearchParams(back.hash.slice(1)).get('state'))
    // There is no way to new tokens but through the person.
    clock.now += 7_200_000
    expect(await failure(app.client.accessToken())).toMatchObject({ code: 'login_required' })
  })

  it('security 28: drops a refresh token from the address', async () => {
    const app = startImplicit()
    const hash = fragment((await app.start()).get('state'), { refresh_token: 'RT-from-address' })
    expect(await app.client.callback(app.redirect_uri + hash)).toMatchObject({ session: expect.anything() })
    expect(inspect(app.storage, { depth: 9 })).not.toContain('RT-from-address')
    expect(inspect(app.storage, { depth: 9 })).toContain('AT-implicit')
  })

  it('gives a used state the session it won, and another nothing', async () => {
    const app = startImplicit()
    const address = app.redirect_uri + fragment((await app.start()).get('state'))
    const done = await app.client.callback(address)
    expect(await app.client.callback(address)).toMatchObject({ session: done?.session })
    await app.client.logout()
    expect(await failure(app.client.callback(address))).toMatchObject({ code: 'state_replayed' })
  })

  it.each<[string, (state: string | null) => string, OAuthErrorCode]>([
    ['no state', () => fragment(null), 'state_missing'],
    ['a wrong state', (state) => fragment(`${state}x`), 'state_mismatch'],
    ['two states', (state) => `${fragment(state)}&state=${state}`, 'duplicate_parameter'],
    ['two tokens', (state) => `${fragment(state)}&access_token=x`, 'duplicate_parameter'],
    ['no token_type', (state) => fragment(state, { token_type: undefined }), 'missing_token_type'],
    ['another token_type', (state) => fragment(state, { token_type: 'mac' }), 'unsupported_token_type'],
    ['a lifetime in words', (state) => fragment(state, { expires_in: '1h' }), 'invalid_expires_in'],
    ['an empty token', (state) => fragment(state, { access_token: '' }), 'malformed_response'],
    ['a token no header carries', (state) => fragment(state, { access_token: 'a\nb' }), 'malformed_response'],
    ['a code in place of a token', (state) => `?code=C&state=${state}`, 'response_type_mismatch'],
    ['a code in the fragment', (state) => `#code=C&state=${state}`, 'response_type_mismatch'],
    ['a code beside it', (state) => fragment(state, { code: 'C' }), 'response_type_mismatch'],
    ['an id_token beside it', (state) => fragment(state, { id_token: 'a.b.c' }), 'response_type_mismatch'],
    ['a token in the query', (state) => fragment(state).replace('#', '?'), 'response_mode_mismatch'],
    ['both', (state) => `?code=C&state=${state}${fragment(state)}`, 'mixed_response'],
    ['another issuer', (state) => fragment(state, { iss: 'https://evil.example' }), 'issuer_mismatch'],
    ['an error', (state) => `#error=access_denied&state=${state}`, 'authorization_error'],
    ['an error beside it', (state) => fragment(state, { error: 'access_denied' }), 'malformed_response'],
  ])('security 26, 27, 29: is refused with %s', async (_, callback, code) => {
    await expectRefusal({ callback, code })
  })

  it('gives the words of an error in the fragment', async () => {
    const callback = (state: string | null) =>
      `#error=access_denied&error_description=Not+today&state=${state}`
    const error = await expectRefusal({ callback, code: 'authorization_error' })
    expect(error).toMatchObject({ error: 'access_denied', error_description: 'Not today' })
    expect(error.hint).toMatch(/approve/)
  })

  it('security 29, H19: is refused where a code was asked for', async () => {
    const app = startApp()
    const state = (await app.start()).get('state')
    const error = await failure(app.client.callback(app.redirect_uri + fragment(state)))
    expect(error).toMatchObject({ code: 'response_type_mismatch' })
    expect(app.storage.size).toBe(0)
  })
})

describe('the audience of a token from an address', () => {
  it.each<[string, unknown]>([
    ['another application', 'other'],
    ['no application', null],
    ['a list with it', ['spa']],
    ['nothing', undefined],
  ])('has to be this application: %s', async (_, uid) => {
    const prepare = (app: App) => {
      app.answers.rest = tellAudience(uid)
    }
    await expectRefusal({ prepare, code: 'audience_mismatch' })
  })

  const silent: [string, (app: App) => void, Changes?][] = [
    ['no JSON', ({ answers }) => (answers.rest = () => new Response('<h1>Hello</h1>'))],
    ['null', ({ answers }) => (answers.rest = () => json(null))],
    ['no answer', ({ answers }) => (answers.rest = () => Promise.reject(new TypeError('Failed to fetch')))],
    [
      'an answer too late',
      ({ answers }) => (answers.rest = ({ signal }) => new Promise((_, no) => (signal.onabort = no))),
      { timeout: 30 },
    ],
  ]
  it.each(silent)('has to be told: %s', async (_, prepare, changes = {}) => {
    const error = await expectRefusal({ prepare, changes, code: 'audience_unverified' })
    expect(error.hint).toContain('audience: "unverified"')
  })

  it('has to be told by a server that says where, unless the app takes the risk by name', async () => {
    const provider = (place: Place) => ({
      ...gitlab({ ...place, profile: 'documented' }),
      token_info_endpoint: undefined as never,
    })
    const careful = startImplicit({ provider })
    const token = fragment((await careful.start()).get('state'))
    const refused = await failure(careful.client.callback(careful.redirect_uri + token))
    expect(refused).toMatchObject({ code: 'audience_unverified' })
    expect([careful.storage.size, careful.sent]).toEqual([0, []])
    const app = startImplicit({ provider }, { audience: 'unverified' })
    const hash = fragment((await app.start()).get('state'))
    expect(await app.client.callback(app.redirect_uri + hash)).toMatchObject({
      session: { account: { username: 'ada' } },
    })
    expect(app.sent.map(({ url }) => new URL(url).pathname)).toEqual(['/api/v4/user'])
  })

  it('security 30: does not matter without an account: the token is refused, and nothing is stored', async () => {
    for (const user of [() => json({}, { status: 401 }), () => json({}), () => json({}, { status: 500 })])
      await expectRefusal({ prepare: ({ answers }) => (answers.user = user), code: 'token_refused' })
  })
})
