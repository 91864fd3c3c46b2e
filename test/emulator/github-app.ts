import { expect } from 'vitest'
import { createForge, type ForgeClient, type ForgeOptions } from '../../src/emulator/index.ts'
import { challenge, verifier } from './app.ts'

export const callback = 'https://app.test/auth/callback'
export const client: ForgeClient = {
  client_id: 'Iv1.app',
  client_secret: 'hub-secret',
  name: 'Hub reader',
  redirect_uris: [callback],
}
const { client_id, client_secret = '' } = client

/** A forge with one application, and what that does with it. */
export function startApp(options: ForgeOptions<'github'> = {}) {
  const forge = createForge('github', { clients: [client], basePath: '/forge', ...options })
  const base = 'https://github.test/forge'
  const authorizeUrl = (changes: Record<string, string> = {}) => {
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
    const usual = { client_id, redirect_uri: callback, scope: 'repo gist', state: 'xyz', ...pkce }
    const params = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== '')
    return `${base}/login/oauth/authorize?${new URLSearchParams(params)}`
  }
  const send = (path: string, init: RequestInit = {}) => forge.fetch(new Request(base + path, init))
  const get = (path: string, headers: Record<string, string> = {}) => send(path, { headers })
  const post = (params: Record<string, string>, headers: Record<string, string> = asJson) =>
    send('/login/oauth/access_token', { method: 'POST', headers, body: new URLSearchParams(params) })
  const winCode = async (changes: Record<string, string> = {}) =>
    (await forge.visit(authorizeUrl(changes))).searchParams.get('code') ?? ''
  const withCode = (code: string) => ({ client_id, client_secret, code, code_verifier: verifier })
  const winToken = async (changes: Record<string, string> = {}): Promise<Record<string, string>> =>
    (await post(withCode(await winCode(changes)))).json()
  const refresh = (refresh_token: string) =>
    post({ grant_type: 'refresh_token', client_id, client_secret, refresh_token })
  return { forge, base, authorizeUrl, send, get, post, winCode, withCode, winToken, refresh }
}

const asJson = { accept: 'application/json' }

/** What GitHub says of an error. */
export const bad = (error: string, error_description: string) => ({
  error,
  error_description,
  error_uri: expect.stringMatching(/^https:\/\/docs\.github\.com\/.*#[a-z-]+$/),
})
