import { createForge, type ForgeClient, type ForgeOptions } from '../../src/emulator/index.ts'

export const callback = 'https://app.test/auth/callback'
export const client: ForgeClient = {
  client_id: 'share-app',
  client_secret: 'share+secret',
  name: 'File reader',
  redirect_uris: [callback],
}
const { client_id, client_secret = '' } = client

/** A forge with one application, and what that does with it. */
export function startApp(options: ForgeOptions<'gitshare'> = {}) {
  const forge = createForge('gitshare', { clients: [client], basePath: '/forge', ...options })
  const base = 'https://gitshare.test/forge'
  const authorizeUrl = (changes: Record<string, string> = {}) => {
    const usual = { client_id, response_type: 'code', redirect_uri: callback, state: 'S' }
    const params = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== '')
    return `${base}/oauth2/authorize/?${new URLSearchParams(params)}`
  }
  const get = (path: string, headers: Record<string, string> = {}) =>
    forge.fetch(new Request(base + path, { headers }))
  const send = (path: string, init: RequestInit) =>
    forge.fetch(new Request(base + path, { method: 'POST', ...init }))
  const post = (params: Record<string, string>, headers: Record<string, string> = {}) => {
    const given = Object.entries(params).filter(([, value]) => value !== '')
    return send('/oauth2/token/', { body: new URLSearchParams(given), headers })
  }
  const winCode = async (changes: Record<string, string> = {}) =>
    (await forge.visit(authorizeUrl(changes))).searchParams.get('code') ?? ''
  const withCode = (code: string) => ({
    ...{ grant_type: 'authorization_code', client_id, client_secret, code },
    redirect_uri: callback,
  })
  const winToken = async (changes: Record<string, string> = {}): Promise<Record<string, string>> =>
    (await post(withCode(await winCode(changes)))).json()
  const refresh = (refresh_token: string) =>
    post({ grant_type: 'refresh_token', client_id, client_secret, refresh_token })
  return { forge, base, authorizeUrl, get, send, post, winCode, withCode, winToken, refresh }
}
