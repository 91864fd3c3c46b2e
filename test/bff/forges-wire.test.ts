import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { gitcode } from '../../src/provider/index.ts'
import { SECRET } from './app.ts'
import { CASES, type Case, startForge } from './forges.ts'

const at = (name: string): Case => {
  const one = CASES[name]
  if (!one) throw new Error(`There is no case "${name}".`)
  return one
}

/** Signs in, and once more by a refresh where there is one; gives the requests to the token endpoint. */
async function signIn(one: Case) {
  const app = startForge(one)
  const asked = await app.leave()
  const back = await app.forge.visit(asked)
  expect(await app.comeBack(back)).toBe('/')
  app.clock.now += 3_600_000
  expect((await app.call()).status).toBe(200)
  const [exchange, refresh] = app.tokenRequests()
  if (!exchange) throw new Error('No code was exchanged.')
  return { app, asked, code: back.searchParams.get('code'), exchange, refresh }
}

const pairs = (parameters: URLSearchParams | undefined) => Object.fromEntries(parameters ?? [])

describe.each(Object.entries(CASES))('what is sent to %s', (_, one) => {
  it('is the documented request, with the secret in the body alone', async () => {
    const { app, asked, exchange } = await signIn(one)
    const { provider, scope = provider.default_scope } = one.settings
    expect(asked.href.startsWith(`${provider.authorization_endpoint}?`)).toBe(true)
    const { state, code_challenge, ...parameters } = pairs(asked.searchParams)
    expect(state).toMatch(/^[\w-]{43}$/)
    expect(parameters).toEqual({
      response_type: 'code',
      client_id: 'bff',
      ...(one.redirect_uri !== 'none' && { redirect_uri: app.redirect_uri }),
      ...(scope && { scope }),
      ...(one.pkce && { code_challenge_method: 'S256' }),
    })
    expect(code_challenge !== undefined).toBe(one.pkce)
    const { request, url, body } = exchange
    expect(request.method).toBe('POST')
    expect(request.headers.get('accept')).toBe('application/json')
    expect(request.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
    expect(request.headers.has('authorization')).toBe(false)
    expect(url.origin + url.pathname).toBe(provider.token_endpoint)
    expect(body.get('client_secret')).toBe(SECRET)
    for (const sent of app.sent) expect(sent.url.href).not.toContain(SECRET)
  })

  it('names redirect_uri and verifier where the forge takes them', async () => {
    const { app, exchange } = await signIn(one)
    const all = { ...pairs(exchange.url.searchParams), ...pairs(exchange.body) }
    expect(all.grant_type).toBe('authorization_code')
    expect(all.redirect_uri).toBe(one.redirect_uri === 'both' ? app.redirect_uri : undefined)
    expect(all.code_verifier !== undefined).toBe(one.pkce)
  })
})

describe('what is sent to one forge alone', () => {
  it('GitCode: the parameters in the address, the secret in the body, and a refresh token alone', async () => {
    const { exchange, refresh, code, app } = await signIn(at('GitCode'))
    expect(pairs(exchange.url.searchParams)).toEqual({
      grant_type: 'authorization_code',
      code,
      client_id: 'bff',
    })
    expect(pairs(exchange.body)).toEqual({ client_secret: SECRET })
    const issued = JSON.parse(app.answers.find(({ body }) => body.includes('refresh_token'))?.body ?? '')
    expect(issued).not.toHaveProperty('token_type')
    expect(pairs(refresh?.url.searchParams)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: issued.refresh_token,
    })
    expect(pairs(refresh?.body)).toEqual({})
  })

  it('GitKraken: no redirect_uri at either step', async () => {
    const { asked, exchange, code, refresh } = await signIn(at('GitKraken'))
    expect(asked.searchParams.has('redirect_uri')).toBe(false)
    const client = { client_id: 'bff', client_secret: SECRET }
    expect(pairs(exchange.body)).toEqual({ grant_type: 'authorization_code', code, ...client })
    expect(exchange.url.search).toBe('')
    expect(refresh).toBeUndefined()
  })

  it.each(['GitShare of today', 'the documented GitShare'])(
    '%s: grant_type, and a slash at every end',
    async (name) => {
      const { app, asked, exchange, refresh } = await signIn(at(name))
      expect(asked.pathname).toBe('/oauth2/authorize/')
      for (const { url } of app.sent) expect(url.pathname).toMatch(/\/$/)
      expect(exchange.body.get('grant_type')).toBe('authorization_code')
      expect(refresh?.body.get('client_secret')).toBe(SECRET)
    },
  )

  it('GitHub: asks for JSON and takes an error with status 200 for one', async () => {
    const app = startForge(at('an OAuth app at GitHub'))
    const back = await app.forge.visit(await app.leave())
    expect(back.searchParams.get('iss')).toBe('https://github.com/login/oauth')
    app.forge.fault('reset-secret')
    expect(await app.comeBack(back)).toBe('/?forgepass_error=token_endpoint_error')
    expect(app.answers.at(-1)).toMatchObject({ status: 200, body: expect.stringContaining('incorrect_') })
  })

  it('GitHub: a code without its issuer is refused, and an error without it is not', async () => {
    const app = startForge(at('an OAuth app at GitHub'))
    const back = await app.forge.visit(await app.leave())
    back.searchParams.delete('iss')
    expect(await app.comeBack(back)).toBe('/?forgepass_error=issuer_missing')
    const denied = await app.forge.visit(await app.leave(), { decision: 'deny' })
    expect(denied.searchParams.has('iss')).toBe(false)
    expect(await app.comeBack(denied)).toBe('/?forgepass_error=authorization_error')
    expect(app.tokenRequests()).toEqual([])
  })

  it('the documented Gitea: comes back from Cancel without a word, and is known by its cookie', async () => {
    const app = startForge(at('the documented Gitea'))
    const back = await app.forge.visit(await app.leave(), { decision: 'deny' })
    expect(back.href).toBe(app.redirect_uri)
    expect(await app.comeBack(back)).toBe('/?forgepass_error=user_cancelled')
  })

  it.each([
    ['message', 'bad_status'],
    ['html', 'bad_status'],
    ['oauth', 'token_endpoint_error'],
  ] as const)('GitCode: its errors as %s are %s', async (errors, code) => {
    const app = startForge({
      ...at('GitCode'),
      settings: { provider: gitcode() },
      make: (registered) => createForge('gitcode', { ...registered, errors, fault: 'reset-secret' }),
    })
    expect(await app.signIn()).toBe(`/?forgepass_error=${code}`)
  })
})
