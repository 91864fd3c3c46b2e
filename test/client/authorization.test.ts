import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAuthorizationRequest } from '../../src/protocol/authorization.ts'
import { defineProvider, gitlab } from '../../src/provider/index.ts'
import { type Changes, failure, findPlace, json, startApp } from './app.ts'

const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

/** A standard server that announces these methods. */
const announcing = (code_challenge_methods_supported: string[]): Changes => ({
  provider: ({ base }) =>
    defineProvider({
      issuer: base,
      authorization_endpoint: `${base}/oauth/authorize`,
      token_endpoint: `${base}/oauth/token`,
      code_challenge_methods_supported,
    }),
})

describe('an authorization request', () => {
  it('security 1: asks for a code with PKCE', async () => {
    const request = Object.fromEntries(await startApp().start())
    expect(request).toEqual({
      response_type: 'code',
      client_id: 'spa',
      redirect_uri: expect.stringContaining('https://app.example/callback/'),
      scope: 'read_user',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  it('security 1: lets no parameter of the app take the place of its own, and keeps the others', async () => {
    const own = { response_type: 'token', code_challenge: 'x', code_challenge_method: 'plain', state: 's' }
    const parameters = { ...own, client_id: 'evil', redirect_uri: 'https://evil.example/', prompt: 'login' }
    const request = await startApp().start({ parameters })
    for (const [name, value] of Object.entries(parameters)) {
      expect(request.getAll(name)).toHaveLength(1)
      if (name !== 'prompt') expect(request.get(name)).not.toBe(value)
    }
    expect(request.get('prompt')).toBe('login')
  })

  it('security 1: keeps the query of the authorization endpoint, and replaces what it says of PKCE', async () => {
    const app = startApp({
      provider: ({ base }) => ({
        ...gitlab({ base }),
        authorization_endpoint: `${base}/authorize?tenant=1&code_challenge_method=plain`,
      }),
    })
    const request = await app.start()
    expect(request.get('tenant')).toBe('1')
    expect(request.getAll('code_challenge_method')).toEqual(['S256'])
  })

  it('security 2: has 10,000 verifiers and states, all different and of enough entropy', async () => {
    const { base, redirect_uri } = findPlace()
    const make = () => createAuthorizationRequest(gitlab({ base }), { client_id: 'spa', redirect_uri })
    const made = await Promise.all(Array.from({ length: 10_000 }, make))
    const verifiers = made.map(({ transaction }) => transaction.code_verifier)
    const states = made.map(({ transaction }) => transaction.state)
    for (const values of [verifiers, states]) {
      expect(new Set(values).size).toBe(10_000)
      expect(values.filter((value) => !/^[A-Za-z0-9._~-]{43,128}$/.test(value))).toEqual([])
    }
    expect(new Set([...verifiers, ...states]).size).toBe(20_000)
    // Every place of the text takes many values: nothing of it is fixed.
    for (let place = 0; place < 42; place += 1) {
      expect(new Set(verifiers.map((value) => value[place])).size).toBeGreaterThan(60)
    }
    const wrong = made.filter(
      ({ url, transaction }) => url.searchParams.get('code_challenge') !== s256(transaction.code_verifier),
    )
    expect(wrong).toEqual([])
  })

  it('security 2: carries the challenge of the verifier that redeems the code', async () => {
    expect(s256('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
    const app = startApp()
    const request = await app.start()
    await app.client.callback(app.back(request))
    expect(s256(app.exchanges()[0]?.body.get('code_verifier') ?? '')).toBe(request.get('code_challenge'))
  })

  it('security 3: is refused where the page has no crypto.subtle, and nobody leaves', async () => {
    const app = startApp()
    Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true })
    try {
      const error = await failure(app.start())
      expect(error).toMatchObject({ code: 'insecure_context', hint: expect.stringContaining('https') })
    } finally {
      Reflect.deleteProperty(crypto, 'subtle')
    }
    expect(app.transactions.size).toBe(0)
    expect((await app.start()).get('code_challenge_method')).toBe('S256')
  })

  it('security 4: has a state of 256 bits, also for a server that announces PKCE', async () => {
    for (const changes of [{}, announcing(['S256'])]) {
      const state = (await startApp(changes).start()).get('state') ?? ''
      expect(Buffer.from(state, 'base64url')).toHaveLength(32)
    }
  })

  it.each([[['plain']], [[]]])(
    'security 5: is refused for a server whose methods are %j',
    async (methods) => {
      const error = await failure(startApp(announcing(methods)).start())
      expect(error).toMatchObject({ code: 'pkce_unsupported', hint: expect.stringContaining('BFF') })
    },
  )

  const uris = ['https://a.example/1#', 'https://a.example/2#part', 'https://a.example/3?code=1', 'callback']
  it.each([...uris, 'https://a.example/4?x=1&state=', 'https://a.example/5?iss=x'])(
    'security 7: is refused with the redirect_uri %j',
    async (redirect_uri) => {
      expect(await failure(startApp({ redirect_uri }).start())).toMatchObject({
        code: 'invalid_redirect_uri',
        hint: expect.any(String),
      })
    },
  )

  it('security 7, 8: has the redirect_uri byte for byte as given, and so has the token request', async () => {
    const given = 'https://App.example:443/%7euser/../Call%20back?x=a%20b&y=é'
    const app = startApp({ redirect_uri: given })
    const request = await app.start()
    expect(request.get('redirect_uri')).toBe(given)
    const back = new URL(given)
    back.searchParams.set('code', 'CODE')
    back.searchParams.set('state', request.get('state') ?? '')
    await app.client.callback(back)
    expect(app.exchanges()[0]?.body.get('redirect_uri')).toBe(given)
  })

  it('security 24: is refused for a server that takes pushed requests only', async () => {
    const provider: Changes['provider'] = ({ base }) => ({
      ...gitlab({ base }),
      require_pushed_authorization_requests: true,
    })
    expect(await failure(startApp({ provider }).start())).toMatchObject({ code: 'unsupported_by_kit' })
  })
})

describe('the token request', () => {
  it('security 8, 20: is a form that needs no preflight, and carries what it must and nothing more', async () => {
    const app = startApp()
    await app.client.callback(app.back(await app.start(), { code: 'a/b+c ~' }))
    const [{ request, body }] = app.exchanges() as [ReturnType<typeof app.exchanges>[0] & object]
    expect(Object.fromEntries(body)).toEqual({
      grant_type: 'authorization_code',
      client_id: 'spa',
      code: 'a/b+c ~',
      redirect_uri: app.redirect_uri,
      code_verifier: expect.any(String),
    })
    const { method, credentials, redirect, cache, url } = request
    expect({ method, credentials, redirect, cache, url }).toEqual({
      method: 'POST',
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
      url: `${app.base}/oauth/token`,
    })
    const names = [...request.headers.keys()]
    expect(names.filter((name) => !['accept', 'content-type'].includes(name))).toEqual([])
    expect(request.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
  })

  it('security 21: never holds a secret, and a client that is given one is not made', async () => {
    const secret = { client_secret: 'hunter2' } as object
    expect(() => startApp(secret)).toThrow(expect.objectContaining({ code: 'client_secret_in_browser' }))
    const confidential = { ...gitlab(), grants: { code: 'confidential' } } as const
    expect(() => startApp({ provider: () => confidential })).toThrow(
      expect.objectContaining({ code: 'secret_required', hint: expect.stringContaining('BFF') }),
    )
    const without = { ...gitlab(), grants: {} }
    expect(() => startApp({ provider: () => without })).toThrow(
      expect.objectContaining({ code: 'unsupported_by_provider' }),
    )
    const app = startApp()
    await app.signIn()
    app.answers.user = () => json({})
    await app.client.logout()
    for (const { body } of app.sent) expect([...body.keys()]).not.toContain('client_secret')
  })
})
