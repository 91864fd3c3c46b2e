import type { Client } from '../client.ts'
import { randomHex } from '../random.ts'
import { namesClient } from './client-authentication.ts'
import { authenticated, type Grant } from './grant.ts'
import { Refusal } from './refusal.ts'
import { hasScopes, normalScope, scopes } from './scope.ts'

/** The password grant, which gitlab.com has switched off for every application. */
export const refusePassword: Grant = (incoming, store) => {
  authenticated(incoming, store)
  throw new Refusal('unauthorized_client')
}

/** Whoever asked without saying which application it is. */
const nobody: Client = { client_id: '', name: '', redirect_uris: [] }

/**
 * The password grant of old times (RFC 6749 section 4.3): no application need name itself, no refresh token comes of it, and
 * nobody with a second factor gets in.
 */
export const takePassword: Grant = (incoming, store) => {
  const { params } = incoming
  const client = namesClient(incoming) ? authenticated(incoming, store) : nobody
  const account = store.signIn(params.get('username') ?? '', params.get('password') ?? '')
  if (!account || account.two_factor) throw new Refusal('invalid_grant')
  const scope = params.get('scope') || 'api'
  if (!hasScopes(scope, client.scopes ?? Object.keys(scopes))) throw new Refusal('invalid_scope')
  const owner = { client, account, scope: normalScope(scope) }
  return store.issueToken(owner, { access_token: randomHex(32), refresh_token: '' })
}
