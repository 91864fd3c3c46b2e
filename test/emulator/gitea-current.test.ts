import { describe, expect, test } from 'vitest'
import { verifier } from './app.ts'
import {
  asPublic,
  confidentialClient,
  plain,
  publicClient,
  redirect_uri,
  refused,
  s256,
  startApp,
  tell,
  winPublicToken,
} from './gitea-app.ts'

describe('T7: an authorization request to a Gitea of today', () => {
  test('that is denied says so by 303', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl(), { decision: 'deny' })
    expect(href).toBe(`${redirect_uri}?error=access_denied&error_description=the+request+is+denied&state=S`)
    expect(forge.requests.at(-1)).toMatchObject({ path: '/login/oauth/grant', status: 303 })
  })

  test('that is agreed to leads back by 303 with code and state, and no iss', async () => {
    const { forge, authorizeUrl } = startApp()
    expect((await forge.visit(authorizeUrl())).href).toMatch(/\/callback\?code=\w+&state=S$/)
    expect(forge.requests.at(-1)).toMatchObject({ path: '/login/oauth/grant', status: 303 })
  })

  test('of a public client needs PKCE', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl({ client_id: publicClient.client_id, state: '' }))
    expect(href).toBe(
      `${redirect_uri}?error=invalid_request&error_description=PKCE+is+required+for+public+clients&state=`,
    )
  })

  test('of a public client is asked about each time, of a confidential one once', async () => {
    const { forge, winCode } = startApp()
    const asked = () => forge.requests.filter(({ path }) => path === '/login/oauth/grant').length
    await winCode(asPublic)
    expect((await winCode(asPublic)) && asked()).toBe(2)
    await winCode()
    expect((await winCode()) && asked()).toBe(3)
  })

  test.each([
    ['by its case', 'https://APP.test/Callback'],
    ['by a slash at the end', `${redirect_uri}/`],
  ])('may name a redirect_uri that differs %s', async (_, uri) => {
    const { forge, authorizeUrl } = startApp()
    expect((await forge.visit(authorizeUrl({ redirect_uri: uri }))).searchParams.has('code')).toBe(true)
  })

  test('may use any port of a loopback address, if the client is public', async () => {
    const redirect_uris = ['http://127.0.0.1/cb']
    const clients = [publicClient, confidentialClient].map((client) => ({ ...client, redirect_uris }))
    const { forge, authorizeUrl } = startApp({ clients })
    const uri = 'http://127.0.0.1:4711/cb'
    expect((await forge.visit(authorizeUrl({ ...asPublic, redirect_uri: uri }))).href).toContain(
      `${uri}?code=`,
    )
    for (const wrong of [{ redirect_uri: uri }, { ...asPublic, redirect_uri: 'http://localhost:4711/cb' }])
      await expect(forge.visit(authorizeUrl(wrong))).rejects.toThrow('Unregistered Redirect URI')
  })
})

describe('T7: the token endpoint of a Gitea of today', () => {
  test('gives a public client a token for its verifier', async () => {
    const response = await winPublicToken(startApp())
    const body = await response.json()
    expect([response.status, body.token_type, body.expires_in]).toEqual([200, 'bearer', 3600])
    expect(Object.keys(body)).toEqual(['access_token', 'token_type', 'expires_in', 'refresh_token'])
    const header = JSON.parse(Buffer.from(body.access_token.split('.')[0], 'base64url').toString())
    expect(header.alg).toBe('RS256')
  })

  test.each([
    ['a wrong verifier', s256, { code_verifier: 'x' }, 'unauthorized_client', 'failed PKCE code challenge'],
    ['no verifier', plain, {}, 'unauthorized_client', 'failed PKCE code challenge'],
    ['a wrong secret', {}, { client_secret: 'x' }, 'unauthorized_client', 'invalid client secret'],
    ['no secret', {}, { client_secret: '' }, 'unauthorized_client', 'invalid empty client secret'],
    [
      'an unregistered redirect_uri',
      {},
      { redirect_uri: 'https://x.test/' },
      'unauthorized_client',
      'unexpected redirect URI',
    ],
    [
      'another redirect_uri than before',
      {},
      { redirect_uri: 'https://app.test/other' },
      'invalid_grant',
      'redirect_uri differs from the original authorization request',
    ],
    ['a bad code', {}, { code: 'x' }, 'unauthorized_client', 'client is not authorized'],
    [
      'an unknown client',
      {},
      { client_id: 'nope' },
      'invalid_client',
      "cannot load client with client id: 'nope'",
    ],
    ['the code of another', asPublic, { code_verifier: verifier }, 'invalid_grant', 'invalid grant'],
  ])('refuses %s', async (_, asked, changes, error, description) => {
    const { winCode, withCode, post } = startApp()
    const params = { ...withCode(await winCode({ ...asked })), ...changes }
    expect(await tell(await post(params))).toEqual(refused(error, description))
  })

  test('takes a code once, and for ten minutes', async () => {
    let now = 0
    const { winCode, withCode, post } = startApp({ now: () => now })
    const [code, late] = [await winCode(), await winCode()]
    const answers = await Promise.all([post(withCode(code)), post(withCode(code))])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    now = 600_001
    expect(await tell(await post(withCode(late)))).toEqual(
      refused('invalid_grant', 'authorization code expired'),
    )
    expect(await tell(await post(withCode(late)))).toEqual(
      refused('unauthorized_client', 'client is not authorized'),
    )
  })

  test('of two exchanges at the same time lets one win', async () => {
    const { winCode, withCode, post } = startApp()
    const params = { ...withCode(await winCode(s256)), code_verifier: verifier }
    const answers = await Promise.all([post(params), post(params)])
    const lost = answers.filter(({ status }) => status !== 200)
    expect(await Promise.all(lost.map(tell))).toEqual([
      refused('invalid_grant', 'authorization code already used'),
    ])
  })
})
