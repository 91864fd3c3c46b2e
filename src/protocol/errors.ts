/** Every way forgepass can fail, each a stable word to switch on. */
export type OAuthErrorCode =
  // How the app is set up.
  | 'client_secret_in_browser'
  | 'duplicate_issuer'
  | 'insecure_context'
  | 'invalid_options'
  | 'invalid_redirect_uri'
  | 'pkce_unsupported'
  | 'secret_required'
  | 'shared_redirect_uri'
  | 'unsupported_by_kit'
  | 'unsupported_by_provider'
  // How the person comes back from the authorization server.
  | 'authorization_error'
  | 'duplicate_parameter'
  | 'interaction_required'
  | 'issuer_mismatch'
  | 'issuer_missing'
  | 'issuer_unexpected'
  | 'login_abandoned'
  | 'login_in_progress'
  | 'login_loop'
  | 'malformed_response'
  | 'mixed_response'
  | 'opaque_origin'
  | 'popup_blocked'
  | 'popup_closed'
  | 'redirect_uri_mismatch'
  | 'response_mode_mismatch'
  | 'response_type_mismatch'
  | 'state_mismatch'
  | 'state_missing'
  | 'state_replayed'
  | 'transaction_expired'
  | 'user_cancelled'
  // What the token endpoint answers.
  | 'audience_mismatch'
  | 'audience_unverified'
  | 'bad_status'
  | 'cors_blocked'
  | 'id_token_invalid'
  | 'id_token_missing'
  | 'invalid_access_token'
  | 'invalid_expires_in'
  | 'invalid_json'
  | 'missing_access_token'
  | 'missing_token_type'
  | 'network_error'
  | 'not_object'
  | 'response_too_large'
  | 'scope_exceeded'
  | 'scope_insufficient'
  | 'timeout'
  | 'token_endpoint_error'
  | 'token_refused'
  | 'unexpected_content_type'
  | 'unsupported_token_type'
  // The session afterwards.
  | 'login_required'
  | 'resource_not_allowed'
  | 'scope_required'
  | 'scope_unavailable'
  | 'signed_out'
  | 'storage_unavailable'
  // What the BFF answers.
  | 'csrf'
  | 'method_not_allowed'
  | 'no_transaction'
  | 'not_found'
  | 'server_error'
  | 'session_required'
  | 'session_too_large'

/** What an {@link OAuthError} knows beside its code. */
export interface OAuthErrorDetails {
  /** The error code that the server sent (RFC 6749 sections 4.1.2.1 and 5.2). */
  readonly error?: string | undefined
  /** The server's own words: control and format characters removed, at most 300 characters. Show them as text only. */
  readonly error_description?: string | undefined
  /** What to do about it, in one sentence. */
  readonly hint?: string | undefined
  /** Display name of the authorization server. */
  readonly provider?: string | undefined
  /** Why a new sign-in is needed: a refresh was sent, and its answer never came back to be stored. */
  readonly reason?: 'refresh_outcome_unknown' | undefined
  /** Seconds to wait before another try, where the server said so. */
  readonly retryAfter?: number | undefined
  /** HTTP status of the answer. */
  readonly status?: number | undefined
}

/** The one error class of forgepass. No field ever holds a token, code, verifier, secret or cookie. */
export class OAuthError extends Error {
  declare readonly code: OAuthErrorCode
  declare readonly error?: string
  declare readonly error_description?: string
  declare readonly hint: string
  declare readonly provider?: string
  declare readonly reason?: 'refresh_outcome_unknown'
  declare readonly retryAfter?: number
  declare readonly status?: number

  constructor(code: OAuthErrorCode, details: OAuthErrorDetails = {}) {
    const { error = code, hint = 'Start the sign-in again.' } = details
    super(`${error.replaceAll('_', ' ')}: ${hint}`)
    Object.assign(this, details, { name: 'OAuthError', code, hint })
  }
}

/** Throws an {@link OAuthError}; an expression, so that a check reads as one line. */
export function fail(code: OAuthErrorCode, hint?: string, details?: OAuthErrorDetails): never {
  throw new OAuthError(code, { ...details, hint })
}

/** What could be a token, a code or another secret, encoded or not: long, and no word of any language. */
const SECRET = /(?=[\w.~+/=%-]*([\d+/=%]|[a-z][A-Z]))[\w.~+/=%-]{12,}/g

/** Takes text from a server as hostile: one line, at most 300 characters, nothing in it that controls or looks secret. */
const clean = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
        .slice(0, 600)
        .replace(SECRET, '…')
        .slice(0, 300)
        .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    : undefined

/** Reads the error members that a server sent, made safe to show (RFC 6749 sections 4.1.2.1 and 5.2). */
export function readServerError({
  error,
  error_description,
}: Readonly<Record<string, unknown>>): OAuthErrorDetails {
  const known = typeof error === 'string' && /^[ !#-[\]-~]{1,100}$/.test(error)
  const plain = known && clean(error) === error
  return { error: plain ? error : 'invalid_error_code', error_description: clean(error_description) }
}
