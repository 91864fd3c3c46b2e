import {
  clockSkew,
  clockTolerance,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
} from 'oauth4webapi'
import type { Provider } from '../provider/provider.ts'
import type { OAuthErrorCode } from './errors.ts'
import type { Claims } from './token.ts'

/** Seconds that the clock of a device may be wrong: some forges let an ID token live for two minutes only. */
const LEEWAY = 180

/** The same at a refresh, where a clock that went wrong must not end a session: it says only that this is still the same person. */
const LATER = 172_800

/** What an ID token has to say. */
export interface ExpectedIdToken {
  readonly issuer: string
  /** At a sign-in. */
  readonly nonce?: string
  /** At a refresh: who signed in. */
  readonly sub?: string
}

/** Whose ID token it is to be. */
export interface IdTokenOptions {
  readonly provider: Provider
  readonly client_id: string
  readonly now: () => number
}

/** What came of it: claims, nothing where a refresh brings no ID token, or an error. */
export interface IdTokenVerdict {
  readonly claims?: Claims
  readonly code?: OAuthErrorCode
  readonly hint?: string
}

/** With a key that the server alone has: neither unsigned, nor with the client's secret, which a page does not have. */
const algorithmsOf = ({ id_token_signing_alg_values_supported: named = ['RS256'] }: Provider) =>
  named.filter((name) => !/^(none|HS)/i.test(name))

/** Checks all that an ID token says but its subject, and gives its claims without the nonce, which has done its work. */
async function readClaims(
  id_token: unknown,
  { issuer, nonce }: ExpectedIdToken,
  { provider, client_id, now }: IdTokenOptions,
): Promise<Claims> {
  const server = { issuer, id_token_signing_alg_values_supported: algorithmsOf(provider) }
  const skew = Math.round((now() - Date.now()) / 1000)
  const client = { client_id, [clockSkew]: skew, [clockTolerance]: nonce ? LEEWAY : LATER }
  // The other tokens are judged already: here they are no more than what it comes with.
  const response = Response.json({ access_token: 'judged', token_type: 'bearer', id_token })
  const result = nonce
    ? await processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce })
    : await processRefreshTokenResponse(server, client, response)
  const { nonce: _, ...claims } = getValidatedIdTokenClaims(result) as Claims
  return claims
}

/**
 * Judges an ID token by its claims (OpenID Connect Core sections 3.1.3.7 and 12.2). Its signature is not checked: it came from the
 * token endpoint itself, and TLS stands for it (item 6 of section 3.1.3.7). Never rejects.
 */
export async function judgeIdToken(
  id_token: unknown,
  expected: ExpectedIdToken,
  options: IdTokenOptions,
): Promise<IdTokenVerdict> {
  const { issuer, sub } = expected
  const isAbsent = id_token == null
  if (isAbsent && sub) return {}
  if (isAbsent) return { code: 'id_token_missing', hint: 'Ask for no openid there, or ask its admin.' }
  // At a refresh it has to be the very issuer of before.
  const issuers = options.provider.id_token_iss && !sub ? [issuer, `${issuer}/`] : [issuer]
  const checks = issuers.map((one) => readClaims(id_token, { ...expected, issuer: one }, options))
  const claims = await Promise.any(checks).catch(() => undefined)
  if (claims && (!sub || claims.sub === sub)) return { claims }
  // What exactly is wrong stays untold: it would repeat what was sent.
  return sub
    ? { code: 'login_required', hint: 'The server no longer vouches for this person: sign in again.' }
    : { code: 'id_token_invalid', hint: 'Check the clock of this device, then sign in again.' }
}
