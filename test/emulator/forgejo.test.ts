import { describe, expect, test } from 'vitest'
import { createForge, type ForgeOptions } from '../../src/emulator/index.ts'
import { verifier } from './app.ts'
import { confidentialClient, plain, publicClient, redirect_uri, refused, s256, tell } from './gitea-app.ts'

const { client_id, client_secret = '' } = confidentialClient

/** A Forgejo with both kinds of client, and what the confidential one does with it. */
function startApp(options: ForgeOptions<'forgejo'> = {}) {
  const forge = createForge('forgejo', { clients: [confidentialClient, publicClient], ...options })
  const base = 'https://forgejo.test'
  const authorizeUrl = (changes: Record<string, string> = {}) => {
    const usual = { client_id, redirect_uri, response_type: 'code', state: 'S' }
    return `${base}/login/oauth/authorize?${new URLSearchParams({ ...usual, ...changes })}`
  }
  const post = (params: Record<string, string>) =>
    forge.fetch(
      new Request(`${base}/login/oauth/access_token`, { method: 'POST', body: new URLSearchParams(params) }),
    )
  const get = (path: string, headers: Record<string, string> = {}) =>
    forge.fetch(new Request(base + path, { headers }))
  const winCode = async (changes: Record<string, string> = {}) =>
    (await forge.visit(authorizeUrl(changes))).searchParams.get('code') ?? ''
  const exchange = (code: string, changes: Record<string, string> = {}) =>
    post({
      grant_type: 'authorization_code',
      ...{ client_id, client_secret, redirect_uri, code, ...changes },
    })
  const winToken = async (changes: Record<string, string> = {}): Promise<Record<string, string>> =>
    (await exchange(await winCode(changes))).json()
  const refresh = (refresh_token: string, by = { client_id, client_secret }) =>
    post({ grant_type: 'refresh_token', refresh_token, ...by })
  return { forge, base, authorizeUrl, post, get, winCode, exchange, winToken, refresh }
}

describe('a Forgejo tells of a denial', () => {
  test.each([
    [7, redirect_uri],
    [8, `${redirect_uri}?error=access_denied&error_description=the+request+is+denied&state=S`],
    [undefined, `${redirect_uri}?error=access_denied&error_description=the+request+is+denied&state=S`],
  ] as const)('from 8 on: %s', async (version, href) => {
    const { forge, authorizeUrl } = startApp(version && { version })
    expect((await forge.visit(authorizeUrl(), { decision: 'deny' })).href).toBe(href)
  })
})

describe('a Forgejo takes a refresh token', () => {
  test('once, from 9 on', async () => {
    const { winToken, refresh } = startApp()
    const { refresh_token = '' } = await winToken()
    expect((await refresh(refresh_token)).status).toBe(200)
    expect(await tell(await refresh(refresh_token))).toEqual(
      refused('unauthorized_client', 'token was already used'),
    )
  })

  test.each([{ version: 8 }, { invalidate_refresh_tokens: false }] as const)(
    'more often: %j',
    async (options) => {
      const { winToken, refresh } = startApp(options)
      const { refresh_token = '' } = await winToken()
      await refresh(refresh_token)
      expect((await refresh(refresh_token)).status).toBe(200)
    },
  )

  test('of its own client, and no access token, in its own words', async () => {
    const other = { ...confidentialClient, client_id: 'other' }
    const { winToken, refresh } = startApp({ clients: [confidentialClient, other] })
    const { access_token = '', refresh_token = '' } = await winToken()
    expect(await tell(await refresh(access_token))).toEqual(
      refused('unauthorized_client', 'token is not a refresh token'),
    )
    expect(await tell(await refresh(refresh_token, { client_id: 'other', client_secret }))).toEqual(
      refused('invalid_grant', 'refresh token was not issued to this client'),
    )
  })
})

describe('a Forgejo binds a code', () => {
  const wrong = { code_verifier: 'x'.repeat(43) }
  const right = { code_verifier: verifier }

  test.each([
    ['S256', 13, s256, wrong, 200],
    ['S256', 15, s256, wrong, 400],
    ['S256', 15, s256, right, 200],
    ['plain', 9, plain, right, 400],
    ['plain', 13, plain, right, 200],
    ['plain', 13, plain, wrong, 400],
  ] as const)('by %s: version %d', async (_, version, pkce, changes, status) => {
    const { winCode, exchange } = startApp({ version })
    expect((await exchange(await winCode(pkce), changes)).status).toBe(status)
  })

  test.each([
    [13, [200, expect.objectContaining({ token_type: 'bearer' })]],
    [15, refused('invalid_grant', 'redirect_uri does not match the authorization request')],
  ] as const)('to its redirect_uri: version %d', async (version, answer) => {
    const { winCode, exchange } = startApp({ version })
    const other = { redirect_uri: 'https://app.test/other' }
    expect(await tell(await exchange(await winCode(), other))).toEqual(answer)
  })

  test('for ever', async () => {
    let now = 0
    const { winCode, exchange } = startApp({ now: () => now })
    const code = await winCode()
    now = 1e12
    expect((await exchange(code)).status).toBe(200)
  })
})

describe('a Forgejo of today', () => {
  test('implements no scopes, but lets nobody agree to another', async () => {
    const { forge, authorizeUrl, winToken, get } = startApp()
    const { access_token } = await winToken({ scope: 'read:misc' })
    expect((await get('/api/v1/user', { authorization: `Bearer ${access_token}` })).status).toBe(200)
    const asPublic = { client_id: publicClient.client_id, ...s256 }
    await forge.visit(authorizeUrl({ ...asPublic, scope: 'read:user' }))
    const again = await forge.visit(authorizeUrl({ ...asPublic, scope: 'write:user' }))
    expect(again.search).toBe(
      '?error=server_error&error_description=a+grant+exists+with+different+scope&state=S',
    )
  })

  test.each([
    [undefined, 'https://forgejo.test'],
    [13, 'https://forgejo.test/'],
  ] as const)('is an issuer without a slash, which version %s has', async (version, issuer) => {
    const { get } = startApp(version && { version })
    expect((await (await get('/.well-known/openid-configuration')).json()).issuer).toBe(issuer)
  })

  test('goes by its own name, and shares its token endpoint only when told to', async () => {
    expect(createForge('forgejo').name).toBe('Forgejo')
    const allowed = async (options: ForgeOptions<'forgejo'>) => {
      const { get } = startApp(options)
      const { headers } = await get('/api/v1/user', { origin: 'https://app.test' })
      return headers.has('access-control-allow-origin')
    }
    expect([await allowed({}), await allowed({ cors: true })]).toEqual([false, true])
  })
})
