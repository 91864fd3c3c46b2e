import { createForge, type ForgeClient, type ForgeOptions } from '../../src/emulator/index.ts'

/** An RFC 7636 appendix B pair. */
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

export const redirect_uri = 'https://app.test/callback'
export const origin = 'https://app.test'
export const publicClient: ForgeClient = { client_id: 'spa', name: 'Reader', redirect_uris: [redirect_uri] }
export const confidentialClient: ForgeClient = {
  client_id: 'server',
  client_secret: 'gloas-s_e.cret',
  name: 'Server app',
  redirect_uris: [redirect_uri],
}

export const invalidGrant =
  'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.'
export const invalidClient =
  'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.'

/** A forge with a public and a confidential client, and what an application does with it. */
export function startApp(options: ForgeOptions<'gitlab'> = {}) {
  const forge = createForge('gitlab', { clients: [publicClient, confidentialClient], ...options })
  const base = `https://gitlab.test${forge.basePath}`
  const authorizeUrl = (changes: Record<string, string> = {}) => {
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
    const usual = {
      client_id: 'spa',
      redirect_uri,
      response_type: 'code',
      scope: 'read_user',
      state: 'S',
      ...pkce,
    }
    const params = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== '')
    return `${base}/oauth/authorize?${new URLSearchParams(params)}`
  }
  const post = (path: string, params: Record<string, string>, headers: Record<string, string> = {}) =>
    forge.fetch(
      new Request(base + path, {
        method: 'POST',
        headers: { origin, ...headers },
        body: new URLSearchParams(params),
      }),
    )
  const get = (path: string, headers: Record<string, string> = {}) =>
    forge.fetch(new Request(base + path, { headers }))
  const winCode = async (changes: Record<string, string> = {}) =>
    (await forge.visit(authorizeUrl(changes))).searchParams.get('code') ?? ''
  const exchange = (params: Record<string, string>) =>
    post('/oauth/token', {
      client_id: 'spa',
      grant_type: 'authorization_code',
      redirect_uri,
      code_verifier: verifier,
      ...params,
    })
  const winToken = async (changes: Record<string, string> = {}): Promise<Record<string, string>> =>
    (await exchange({ code: await winCode(changes) })).json()
  const refresh = (refresh_token: string, params: Record<string, string> = { client_id: 'spa' }) =>
    post('/oauth/token', { grant_type: 'refresh_token', refresh_token, ...params })
  const readUser = (access_token: string) => get('/api/v4/user', { authorization: `Bearer ${access_token}` })
  return { forge, base, authorizeUrl, post, get, winCode, exchange, winToken, refresh, readUser }
}
