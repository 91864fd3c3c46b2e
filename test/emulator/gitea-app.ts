import { createForge, type ForgeClient, type ForgeOptions } from '../../src/emulator/index.ts'
import { challenge, verifier } from './app.ts'

export const redirect_uri = 'https://app.test/callback'
export const publicClient: ForgeClient = { client_id: 'spa-1', name: 'Reader', redirect_uris: [redirect_uri] }
export const confidentialClient: ForgeClient = {
  client_id: '8a3f-uuid',
  client_secret: 'gto_s-e.cret',
  name: 'Server app',
  redirect_uris: [redirect_uri, 'https://app.test/other'],
}

/** A forge with a confidential client, today with a public one too, and what an application does with it. */
export function startApp(options: ForgeOptions<'gitea'> = {}) {
  const clients = options.profile === 'documented' ? [confidentialClient] : [confidentialClient, publicClient]
  const forge = createForge('gitea', { clients, basePath: '/git', ...options })
  const base = 'https://gitea.test/git'
  const { client_id, client_secret = '' } = confidentialClient
  const authorizeUrl = (changes: Record<string, string> = {}) => {
    const usual = { client_id, redirect_uri, response_type: 'code', state: 'S' }
    const params = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== '')
    return `${base}/login/oauth/authorize?${new URLSearchParams(params)}`
  }
  const get = (path: string, headers: Record<string, string> = {}) =>
    forge.fetch(new Request(base + path, { headers }))
  const post = (params: Record<string, string>, headers: Record<string, string> = {}) => {
    const given = Object.entries(params).filter(([, value]) => value !== '')
    const init = { method: 'POST', headers, body: new URLSearchParams(given) }
    return forge.fetch(new Request(`${base}/login/oauth/access_token`, init))
  }
  const winCode = async (changes: Record<string, string> = {}) =>
    (await forge.visit(authorizeUrl(changes))).searchParams.get('code') ?? ''
  const withCode = (code: string) => ({
    ...{ client_id, client_secret, redirect_uri, code },
    grant_type: 'authorization_code',
  })
  const winToken = async (changes: Record<string, string> = {}): Promise<Record<string, string>> =>
    (await post(withCode(await winCode(changes)))).json()
  const refresh = (refresh_token: string, params: Record<string, string> = { client_id, client_secret }) =>
    post({ grant_type: 'refresh_token', refresh_token, ...params })
  const read = (path: string, token: string) => get(`/api/v1/${path}`, { authorization: `token ${token}` })
  return { forge, base, authorizeUrl, get, post, winCode, withCode, winToken, refresh, read }
}

/** The parameters of a PKCE pair, for both of its methods. */
export const s256 = { code_challenge: challenge, code_challenge_method: 'S256' }
export const plain = { code_challenge: verifier, code_challenge_method: 'plain' }

/** Reads an answer of the token endpoint to compare it. */
export const tell = async (response: Response) => [response.status, await response.json()]

/** What {@link tell} gives for an error, which is always a 400. */
export const refused = (error: string, error_description: string) => [400, { error, error_description }]

/** What the public client adds to an authorization request. */
export const asPublic = { client_id: publicClient.client_id, ...s256 }

/** Signs in with the public client, and gives the answer of the token endpoint. */
export async function winPublicToken({ winCode, withCode, post }: ReturnType<typeof startApp>) {
  const code = await winCode(asPublic)
  const params = { client_id: publicClient.client_id, client_secret: '', code_verifier: verifier }
  return post({ ...withCode(code), ...params })
}
