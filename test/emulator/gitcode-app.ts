import { createForge, type ForgeClient, type ForgeOptions } from '../../src/emulator/index.ts'

export const callback = 'https://app.test/auth/callback'
export const client: ForgeClient = {
  client_id: 'code-app',
  client_secret: 'code-secret',
  name: 'Code reader',
  redirect_uris: [callback],
}
const { client_id, client_secret = '' } = client

/** A forge with one application, and what that does with it. */
export function startApp(options: ForgeOptions<'gitcode'> = {}) {
  const forge = createForge('gitcode', { clients: [client], basePath: '/forge', ...options })
  const base = 'https://gitcode.test/forge'
  const authorizeUrl = (changes: Record<string, string> = {}) => {
    const usual = { client_id, redirect_uri: callback, response_type: 'code', scope: 'all_user', state: 'S' }
    const params = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== '')
    return `${base}/oauth/authorize?${new URLSearchParams(params)}`
  }
  const get = (path: string, headers: Record<string, string> = {}) =>
    forge.fetch(new Request(base + path, { headers }))
  const post = (query: Record<string, string>, init: RequestInit = {}) =>
    forge.fetch(new Request(`${base}/oauth/token?${new URLSearchParams(query)}`, { method: 'POST', ...init }))
  const winCode = async (changes: Record<string, string> = {}) =>
    (await forge.visit(authorizeUrl(changes))).searchParams.get('code') ?? ''
  const exchange = (code: string, secret = client_secret) =>
    post(
      { grant_type: 'authorization_code', code, client_id },
      { body: new URLSearchParams({ client_secret: secret }) },
    )
  const winToken = async (changes: Record<string, string> = {}): Promise<Record<string, string>> =>
    (await exchange(await winCode(changes))).json()
  const refresh = (refresh_token: string) => post({ grant_type: 'refresh_token', refresh_token })
  return { forge, base, authorizeUrl, get, post, winCode, exchange, winToken, refresh }
}
