import { type Incoming, json, type Route } from '../message.ts'
import { s256 } from '../pkce.ts'
import type { Code, Store, Token } from '../store.ts'
import { authenticateClient, namesClient } from './client-authentication.ts'
import { authenticated, type Grant, required } from './grant.ts'
import { idTokenOf } from './id-token.ts'
import { refusePassword, takePassword } from './password.ts'
import type { GitLab, GitLabProfile } from './profile.ts'
import { isSameAddress } from './redirect-uri.ts'
import { noStore, Refusal, refuse } from './refusal.ts'
import { hasScopes, normalScope } from './scope.ts'

/** Tells whether a verifier answers the challenge of a code; a verifier without a challenge is refused as well. */
async function verifies(code: Code, verifier: string): Promise<boolean> {
  if (!code.code_challenge) return verifier === ''
  return code.code_challenge === (code.code_challenge_method === 'S256' ? await s256(verifier) : verifier)
}

/** The authorization code grant (RFC 6749 section 4.1.3): only a successful exchange uses the code up. */
const authorizationCode: Grant = async (incoming, store) => {
  const { params } = incoming
  const code = store.findCode(required(params, 'code'))
  const verifier = params.get('code_verifier') ?? ''
  if (code?.code_challenge) required(params, 'code_verifier')
  const redirect_uri = required(params, 'redirect_uri')
  const client = authenticated(incoming, store)
  const matches = code && code.client === client && isSameAddress(redirect_uri, code.redirect_uri)
  if (!matches || !(await verifies(code, verifier))) throw new Refusal('invalid_grant')
  // Checked after the last await: of two exchanges at the same time one wins.
  if (code.used || store.now() > code.expires_at) throw new Refusal('invalid_grant')
  code.used = true
  return store.issueToken(code)
}

/** The refresh token grant (RFC 6749 section 6): the old pair dies with it, and using it again harms nothing else. */
const refreshToken: Grant = (incoming, store) => {
  const refresh_token = required(incoming.params, 'refresh_token')
  const old = store.findToken((token) => token.refresh_token === refresh_token)
  if (!old || old.revoked) throw new Refusal('invalid_grant')
  // A token bound to an application does not move without it, but Doorkeeper says so in other words than for a wrong one.
  if (!namesClient(incoming) || authenticated(incoming, store) !== old.client)
    throw new Refusal('invalid_grant')
  const scope = incoming.params.get('scope') ?? incoming.params.get('scopes')
  if (scope && !hasScopes(scope, old.scope.split(' '))) throw new Refusal('invalid_scope')
  old.revoked = true
  return store.issueToken({ ...old, scope: normalScope(scope || old.scope) })
}

const common = { authorization_code: authorizationCode, refresh_token: refreshToken }

const grants: Readonly<Record<GitLabProfile, Readonly<Record<string, Grant>>>> = {
  current: { ...common, password: refusePassword },
  documented: { ...common, password: takePassword },
}

async function win(incoming: Incoming, { store, profile }: GitLab): Promise<Token> {
  const type = required(incoming.params, 'grant_type')
  const grant = Object.hasOwn(grants[profile], type) ? grants[profile][type] : undefined
  if (!grant) throw new Refusal('unsupported_grant_type')
  return grant(incoming, store)
}

/** The body of a successful answer, in Doorkeeper's order of members; `created_at` in seconds. */
function tokenBody(token: Token, { profile }: GitLab) {
  const { access_token, refresh_token, scope } = token
  const expires_in = (token.expires_at - token.created_at) / 1000
  const renewal = refresh_token && { refresh_token }
  if (profile === 'documented') return { access_token, token_type: 'bearer', expires_in, ...renewal }
  const created_at = Math.floor(token.created_at / 1000)
  return { access_token, token_type: 'Bearer', expires_in, ...renewal, scope, created_at }
}

/** Builds `POST /oauth/token` (RFC 6749 section 3.2). */
export const tokenRoute =
  (gitlab: GitLab): Route =>
  async (incoming) => {
    try {
      const token = await win(incoming, gitlab)
      const id_token = await idTokenOf(token, { gitlab, incoming })
      const body = { ...tokenBody(token, gitlab), ...(id_token && { id_token }) }
      return json(body, { headers: noStore })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // What is refused before a grant takes the request repeats its state.
      const early =
        error.error === 'unsupported_grant_type' || /^(grant_type|code)$/.test(error.missing ?? '')
      return refuse(error, { state: early ? (incoming.params.get('state') ?? '') : '' })
    }
  }

/** Finds the pair that one half stands for; the hint `refresh_token` leaves the other half out (RFC 7009 section 2.1). */
function findPair({ params }: Incoming, store: Store): Token | undefined {
  const value = params.get('token')
  if (!value) return
  const refreshOnly = params.get('token_type_hint') === 'refresh_token'
  return store.findToken(
    ({ access_token, refresh_token }) => refresh_token === value || (access_token === value && !refreshOnly),
  )
}

/**
 * Builds `POST /oauth/revoke` (RFC 7009): either half of a pair ends both, and an expired access token ends nothing. Any client
 * may revoke what a public one holds, if it comes by it.
 */
export const revokeRoute =
  (store: Store): Route =>
  (incoming) => {
    const client = authenticateClient(incoming, store)
    const token = findPair(incoming, store)
    if (!client || (token?.client.client_secret !== undefined && token.client !== client)) {
      const error_description = 'You are not authorized to revoke this token'
      return json({ error: 'unauthorized_client', error_description }, { status: 403 })
    }
    const byRefreshToken = incoming.params.get('token') === token?.refresh_token
    if (token && (byRefreshToken || store.now() <= token.expires_at)) token.revoked = true
    return json({})
  }
