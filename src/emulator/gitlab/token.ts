import { type Incoming, json, type Route } from '../message.ts'
import { matchesRedirectUri } from '../redirect-uri.ts'
import type { Client, Code, Store, Token } from '../store.ts'
import { authenticateClient, namesClient } from './client-authentication.ts'
import { noStore, Refusal, refuse } from './refusal.ts'
import { hasScopes } from './scope.ts'

/** Wins a token from the parameters of a token request, or throws a {@link Refusal}. */
type Grant = (incoming: Incoming, store: Store) => Promise<Token> | Token

/** Derives the S256 challenge of a verifier (RFC 7636 section 4.2). */
async function s256(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const text = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Tells whether a verifier answers the challenge of a code; a verifier without a challenge is refused as well. */
async function verifies(code: Code, verifier: string): Promise<boolean> {
  if (!code.code_challenge) return verifier === ''
  return code.code_challenge === (code.code_challenge_method === 'S256' ? await s256(verifier) : verifier)
}

function required(params: URLSearchParams, name: string): string {
  const value = params.get(name)
  if (!value) throw new Refusal('invalid_request', name)
  return value
}

function authenticated(incoming: Incoming, store: Store): Client {
  const client = authenticateClient(incoming, store)
  if (!client) throw new Refusal('invalid_client')
  return client
}

/** The authorization code grant (RFC 6749 section 4.1.3): only a successful exchange uses the code up. */
const authorizationCode: Grant = async (incoming, store) => {
  const { params } = incoming
  const code = store.findCode(required(params, 'code'))
  const verifier = params.get('code_verifier') ?? ''
  if (code?.code_challenge) required(params, 'code_verifier')
  const redirect_uri = required(params, 'redirect_uri')
  const client = authenticated(incoming, store)
  const matches = code && code.client === client && matchesRedirectUri(redirect_uri, code.redirect_uri)
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
  const scope = incoming.params.get('scope') || old.scope
  if (!hasScopes(scope, old.scope.split(' '))) throw new Refusal('invalid_scope')
  old.revoked = true
  return store.issueToken({ ...old, scope })
}

/** The password grant, which gitlab.com has switched off for every application. */
const password: Grant = (incoming, store) => {
  authenticated(incoming, store)
  throw new Refusal('unauthorized_client')
}

const grants: Readonly<Record<string, Grant>> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  password,
}

async function win(incoming: Incoming, store: Store): Promise<Token> {
  const type = required(incoming.params, 'grant_type')
  const grant = Object.hasOwn(grants, type) ? grants[type] : undefined
  if (!grant) throw new Refusal('unsupported_grant_type')
  return grant(incoming, store)
}

/** The body of a successful answer, in Doorkeeper's order of members; `created_at` in seconds. */
const tokenBody = (token: Token) => ({
  access_token: token.access_token,
  token_type: 'Bearer',
  expires_in: (token.expires_at - token.created_at) / 1000,
  refresh_token: token.refresh_token,
  scope: token.scope,
  created_at: Math.floor(token.created_at / 1000),
})

/** Builds `POST /oauth/token` (RFC 6749 section 3.2). */
export const tokenRoute =
  (store: Store): Route =>
  async (incoming) => {
    try {
      return json(tokenBody(await win(incoming, store)), { headers: noStore })
    } catch (error) {
      if (error instanceof Refusal) return refuse(error)
      throw error
    }
  }

/** Builds `POST /oauth/revoke` (RFC 7009): either half of a pair ends both, an expired access token ends nothing. */
export const revokeRoute =
  (store: Store): Route =>
  (incoming) => {
    const client = authenticateClient(incoming, store)
    const value = incoming.params.get('token')
    const token = store.findToken(({ access_token, refresh_token }) =>
      [access_token, refresh_token].includes(`${value}`),
    )
    if (!client || (token && token.client !== client)) {
      const error_description = 'You are not authorized to revoke this token'
      return json({ error: 'unauthorized_client', error_description }, { status: 403 })
    }
    if (token && (value === token.refresh_token || store.now() <= token.expires_at)) token.revoked = true
    return json({})
  }
