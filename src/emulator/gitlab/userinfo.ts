import { avatarUrl } from '../avatar.ts'
import { json, type Route } from '../message.ts'
import type { Store, Token } from '../store.ts'
import { findToken, isLive } from './access-token.ts'
import { challenge, noStore, Refusal, refuse } from './refusal.ts'
import { scopeList } from './scope.ts'

/** Builds `GET /oauth/token/info`; `expires_in` in seconds. */
export const tokenInfoRoute =
  (store: Store): Route =>
  (incoming) => {
    const token = findToken(incoming, store)
    if (!token || !isLive(token, store))
      return refuse(new Refusal('invalid_token'), { state: 'unauthorized' })
    const scope = scopeList(token.scope)
    const expires_in = Math.round((token.expires_at - store.now()) / 1000)
    return json({
      resource_owner_id: token.account.id,
      scope,
      expires_in,
      // A token that was won by a password alone is of no application.
      application: { uid: token.client.client_id || null },
      created_at: Math.floor(token.created_at / 1000),
      scopes: scope,
      expires_in_seconds: expires_in,
    })
  }

/** Refuses without a word in the body. */
const bare = (status: 401 | 403, headers: Record<string, string> = {}): Response =>
  new Response(null, { status, headers: { 'content-type': 'text/html', ...noStore, ...headers } })

/** Says in the header alone why a token is worth nothing. */
function refuseToken(token: Token | undefined): Response {
  const state = token?.revoked ? 'was revoked' : token ? 'expired' : 'is invalid'
  return bare(401, challenge(new Refusal('invalid_token', { description: `The access token ${state}` })))
}

/** The subject of a time before GitLab's numbers, made from one. */
export async function legacySubject(id: number): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${id}-forgepass`))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Builds `/oauth/userinfo` (OpenID Connect Core 5.3). */
export const userinfoRoute =
  (store: Store): Route =>
  async (incoming) => {
    const token = findToken(incoming, store)
    if (!token || !isLive(token, store)) return refuseToken(token)
    const granted = scopeList(token.scope)
    if (!granted.includes('openid')) return bare(403)
    const { id, name, username, email } = token.account
    return json({
      sub: `${id}`,
      sub_legacy: await legacySubject(id),
      name,
      nickname: username,
      preferred_username: username,
      ...(granted.includes('email') && { email, email_verified: true }),
      profile: `${incoming.root}/${username}`,
      picture: avatarUrl(token.account, incoming.root),
      groups: [],
    })
  }
