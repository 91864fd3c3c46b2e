import { base64Url } from '../base64.ts'
import { type Incoming, json, type Route } from '../message.ts'
import { randomHex } from '../random.ts'
import { Refusal, refusable } from '../refusal.ts'
import type { Store, Token } from '../store.ts'
import { type GitCodeErrors, refuseCall } from './errors.ts'

const randomValues = () => ({
  access_token: base64Url(crypto.getRandomValues(new Uint8Array(18))),
  refresh_token: randomHex(16),
})

/**
 * The authorization code grant: its parameters may stand in the address or in the body, the secret too, as GitCode's page shows
 * both.
 */
function redeem({ params }: Incoming, store: Store): Token {
  const client = store.findClient(params.get('client_id') ?? '')
  if (!client || client.client_secret !== params.get('client_secret'))
    throw new Refusal('invalid_client', 'The client_id or the client_secret is wrong.')
  const code = store.findCode(params.get('code') ?? '')
  // Assumed: a code is for one use, and for ten minutes.
  if (!code || code.client !== client || code.used || store.now() > code.expires_at)
    throw new Refusal('invalid_grant', 'The code is wrong, used or expired.')
  code.used = true
  return store.issueToken(code, randomValues())
}

/** The refresh token grant, for whoever has the token; assumed: the old pair ends with it. */
function refresh({ params }: Incoming, store: Store): Token {
  const value = params.get('refresh_token')
  const old = value ? store.findToken(({ refresh_token }) => refresh_token === value) : undefined
  if (!old || old.revoked) throw new Refusal('invalid_grant', 'The refresh token is wrong or used.')
  old.revoked = true
  return store.issueToken(old, randomValues())
}

function win(incoming: Incoming, store: Store): Token {
  const type = incoming.params.get('grant_type')
  if (type === 'authorization_code') return redeem(incoming, store)
  if (type === 'refresh_token') return refresh(incoming, store)
  throw new Refusal('unsupported_grant_type', 'The grant_type must be authorization_code or refresh_token.')
}

/** Builds `POST /oauth/token`, whose answer has no `token_type`, and a time as text. */
export const tokenRoute = (store: Store, errors: GitCodeErrors): Route =>
  refusable(
    (incoming) => {
      const { access_token, refresh_token, scope, created_at } = win(incoming, store)
      const { expires_in } = store
      const created = new Date(created_at).toISOString()
      return json({ access_token, expires_in, refresh_token, scope, created_at: created })
    },
    (refusal) => refuseCall(refusal, errors),
  )
