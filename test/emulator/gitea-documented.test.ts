import { describe, expect, test } from 'vitest'
import { verifier } from './app.ts'
import { confidentialClient, plain, redirect_uri, refused, s256, startApp, tell } from './gitea-app.ts'

const start = (options = {}) => startApp({ profile: 'documented', ...options })
const notAuthorized = refused('unauthorized_client', 'client is not authorized')
const { client_id, client_secret = '' } = confidentialClient

const readPart = (token: string, part: number) =>
  JSON.parse(Buffer.from(`${token.split('.')[part]}`, 'base64url').toString())

describe('the documented Gitea answers as the transcripts say', () => {
  test('T1: a code becomes a token', async () => {
    const { winCode, withCode, post } = start({ now: () => 1_555_176_312_000 })
    const response = await post(withCode(await winCode()), { origin: 'https://app.test' })
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/json; charset=UTF-8',
    })
    const body = await response.json()
    expect(Object.keys(body)).toEqual(['access_token', 'token_type', 'expires_in', 'refresh_token'])
    expect([response.status, body.token_type, body.expires_in]).toEqual([200, 'bearer', 3600])
    expect(readPart(body.access_token, 0)).toEqual({ alg: 'HS512', typ: 'JWT' })
    expect(readPart(body.access_token, 1)).toEqual({ gnt: 1, tt: 0, exp: 1_555_179_912, iat: 1_555_176_312 })
    expect(readPart(body.refresh_token, 1)).toMatchObject({ gnt: 1, tt: 1, cnt: 1, exp: 1_557_804_312 })
    expect(Buffer.from(body.access_token.split('.')[2], 'base64url')).toHaveLength(64)
  })

  test('T1: JSON will do, and so will Basic when the body names no client', async () => {
    const { forge, base, winCode, withCode, post } = start()
    const body = JSON.stringify(withCode(await winCode()))
    const headers = { 'content-type': 'application/json' }
    const asJson = new Request(`${base}/login/oauth/access_token`, { method: 'POST', headers, body })
    expect((await forge.fetch(asJson)).status).toBe(200)
    const authorization = `Basic ${btoa(`${client_id}:${client_secret}`)}`
    const params = { ...withCode(await winCode()), client_id: '', client_secret: '' }
    expect((await post(params, { authorization })).status).toBe(200)
    const broken = await post(params, { authorization: 'Basic %' })
    expect(await tell(broken)).toEqual(refused('invalid_request', 'cannot parse basic auth header'))
  })

  test.each([
    ['a bad code', { code: 'x' }],
    ['a bad secret', { client_secret: 'x' }],
    ['no secret', { client_secret: '' }],
    ['an unregistered redirect_uri', { redirect_uri: 'https://app.test/callback/' }],
  ])('T2: %s is not authorized', async (_, changes) => {
    const { winCode, withCode, post } = start()
    expect(await tell(await post({ ...withCode(await winCode()), ...changes }))).toEqual(notAuthorized)
  })

  test('T2: a code works once, a year later too, and with any registered redirect_uri or none', async () => {
    let now = 0
    const { winCode, withCode, post } = start({ now: () => now })
    const [code, other] = [await winCode(), await winCode()]
    now = 31_536_000_000
    expect((await post({ ...withCode(code), redirect_uri: 'https://app.test/other' })).status).toBe(200)
    expect(await tell(await post(withCode(code)))).toEqual(notAuthorized)
    expect((await post({ ...withCode(other), redirect_uri: '' })).status).toBe(200)
  })

  test('T3: an unknown client cannot be loaded', async () => {
    const { withCode, post } = start()
    expect(await tell(await post({ ...withCode('x'), client_id: 'nope' }))).toEqual(
      refused('invalid_client', "cannot load client with client id: 'nope'"),
    )
  })

  test('T4: there are two grants', async () => {
    expect(await tell(await start().post({ grant_type: 'password' }))).toEqual(
      refused('unsupported_grant_type', 'Only refresh_token or authorization_code grant type is supported'),
    )
  })

  test('T6: a refresh token needs no client, and stays usable', async () => {
    const { winToken, refresh, read } = start()
    const first = await winToken()
    const response = await refresh(first.refresh_token ?? '', {})
    const second = await response.json()
    expect(Object.keys(second)).toEqual(Object.keys(first))
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await refresh(first.refresh_token ?? '', {})).status).toBe(200)
    expect((await read('user', first.access_token ?? '')).status).toBe(200)
    expect(await tell(await refresh('garbage', {}))).toEqual(notAuthorized)
  })

  test('T6: told to, it lets a refresh token work once', async () => {
    const { winToken, refresh } = start({ invalidate_refresh_tokens: true })
    const { refresh_token = '' } = await winToken()
    expect((await refresh(refresh_token, {})).status).toBe(200)
    expect(await tell(await refresh(refresh_token, {}))).toEqual(
      refused('unauthorized_client', 'token was already used'),
    )
  })
})

describe('T5: an authorization request to the documented Gitea', () => {
  const visit = (changes: Record<string, string>, decision?: 'deny') => {
    const { forge, authorizeUrl } = start()
    return forge.visit(authorizeUrl(changes), decision && { decision }).then(({ href }) => href)
  }

  test.each([
    ['an unknown client', { client_id: 'nope' }, 'Client ID not registered'],
    ['an unregistered redirect_uri', { redirect_uri: `${redirect_uri}?x=1` }, 'Unregistered Redirect URI'],
    [
      'a redirect_uri that differs by its case',
      { redirect_uri: 'https://app.test/Callback' },
      'Unregistered',
    ],
  ])('of %s shows a page', async (_, changes, words) => {
    const { forge, authorizeUrl } = start()
    await expect(forge.visit(authorizeUrl(changes))).rejects.toThrow(words)
    expect(forge.requests.at(-1)).toMatchObject({ path: '/login/oauth/authorize', status: 400 })
  })

  test.each([
    ['S', 'state=S'],
    ['', 'state='],
  ])('of a wrong kind comes back with an error, and with the state "%s"', async (state, told) => {
    expect(await visit({ response_type: 'token', state })).toBe(
      `${redirect_uri}?error=unsupported_response_type&error_description=Only+code+response+type+is+supported.&${told}`,
    )
    expect(await visit({ code_challenge_method: 'S512', state })).toBe(
      `${redirect_uri}?error=invalid_request&error_description=unsupported+code+challenge+method&${told}`,
    )
  })

  test('that is agreed to leads back by 302 with code and state, the state only if there is one', async () => {
    const { forge, authorizeUrl } = start()
    expect((await forge.visit(authorizeUrl())).href).toMatch(
      /^https:\/\/app\.test\/callback\?code=\w+&state=S$/,
    )
    expect(forge.requests.at(-1)).toMatchObject({ method: 'POST', path: '/login/oauth/grant', status: 302 })
    expect(await visit({ state: '' })).toMatch(/\?code=\w+$/)
  })

  test('that is cancelled leads to the bare redirect_uri', async () => {
    expect(await visit({}, 'deny')).toBe(redirect_uri)
  })

  test('is not asked about again, until everything is revoked', async () => {
    const { forge, winCode } = start()
    const asked = () => forge.requests.filter(({ path }) => path === '/login/oauth/grant').length
    await winCode()
    expect((await winCode()) && asked()).toBe(1)
    forge.revokeAll()
    expect((await winCode()) && asked()).toBe(2)
  })
})

describe('PKCE at the documented Gitea', () => {
  const exchange = async (
    app: ReturnType<typeof startApp>,
    pkce: Record<string, string>,
    code_verifier: string,
  ) => tell(await app.post({ ...app.withCode(await app.winCode(pkce)), code_verifier }))

  test('binds nothing by S256 when consent is given', async () => {
    for (const given of [verifier, 'x', '']) expect((await exchange(start(), s256, given))[0]).toBe(200)
  })

  test('always fails by the method plain when consent is given', async () => {
    for (const given of [verifier, 'x', ''])
      expect(await exchange(start(), plain, given)).toEqual(notAuthorized)
  })

  test.each([
    ['S256', s256],
    ['plain', plain],
  ])('is enforced by %s when consent was given before', async (_, pkce) => {
    const app = start()
    await app.winCode()
    expect(await exchange(app, pkce, 'x')).toEqual(notAuthorized)
    expect(await exchange(app, pkce, '')).toEqual(notAuthorized)
    expect((await exchange(app, pkce, verifier))[0]).toBe(200)
  })
})

test('the documented Gitea shares nothing with other origins, and knows no discovery', async () => {
  const { forge, base, get } = start()
  const headers = {
    origin: 'https://app.test',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  }
  const preflight = new Request(`${base}/login/oauth/access_token`, { method: 'OPTIONS', headers })
  expect((await forge.fetch(preflight)).status).toBe(404)
  expect((await get('/api/v1/user', headers)).headers.has('access-control-allow-origin')).toBe(false)
  for (const path of ['/login/oauth/userinfo', '/.well-known/openid-configuration'])
    expect((await get(path)).status).toBe(404)
})
