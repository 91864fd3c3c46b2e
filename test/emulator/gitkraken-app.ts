import { createForge, type ForgeOptions, type GitKrakenClient } from '../../src/emulator/index.ts'

export const callback = 'https://app.test/auth/callback?by=gitkraken'
export const client: GitKrakenClient = {
  client_id: 'glo',
  client_secret: 'glo-secret',
  name: 'Board reader',
  redirect_uris: [callback],
}

/** A forge with one application, and what that does with it. */
export function startApp(options: ForgeOptions<'gitkraken'> = {}) {
  const forge = createForge('gitkraken', { clients: [client], basePath: '/forge', ...options })
  const base = 'https://gitkraken.test/forge'
  const authorizeUrl = (changes: Record<string, string> = {}) => {
    const usual = { response_type: 'code', client_id: 'glo', scope: 'user:read board:read', state: 'S' }
    const params = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== '')
    return `${base}/oauth/authorize?${new URLSearchParams(params)}`
  }
  const get = (path: string, headers: Record<string, string> = {}) =>
    forge.fetch(new Request(base + path, { headers }))
  const post = (params: Record<string, string>) =>
    forge.fetch(
      new Request(`${base}/oauth/access_token`, { method: 'POST', body: new URLSearchParams(params) }),
    )
  const winCode = async (changes: Record<string, string> = {}) =>
    (await forge.visit(authorizeUrl(changes))).searchParams.get('code') ?? ''
  const { client_id, client_secret } = client
  const withCode = (code: string) => ({ grant_type: 'authorization_code', client_id, client_secret, code })
  const winToken = async (changes: Record<string, string> = {}): Promise<string> =>
    (await (await post(withCode(await winCode(changes)))).json()).access_token
  const read = (path: string, token: string) => get(`/v1/glo/${path}`, { authorization: `Bearer ${token}` })
  return { forge, base, authorizeUrl, get, post, winCode, withCode, winToken, read }
}
