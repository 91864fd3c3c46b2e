import { json } from '../message.ts'

/** Doorkeeper's words for its error codes. */
const descriptions = {
  invalid_request:
    'The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed.',
  invalid_client:
    'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
  invalid_grant:
    'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
  unauthorized_client: 'The client is not authorized to perform this request using this method.',
  unsupported_grant_type: 'The authorization grant type is not supported by the authorization server.',
  unsupported_response_type: 'The authorization server does not support this response type.',
  unsupported_response_mode: 'The authorization server does not support this response mode.',
  invalid_scope: 'The requested scope is invalid, unknown, or malformed.',
  invalid_redirect_uri: "The requested redirect uri is malformed or doesn't match client redirect URI.",
  invalid_code_challenge_method: 'The code challenge method must be plain or S256.',
  access_denied: 'The resource owner or authorization server denied the request.',
  invalid_token: 'The access token is invalid',
} as const

/** An error code of Doorkeeper. */
export type RefusalCode = keyof typeof descriptions

/** What there is to say about a refusal beside its code. */
interface Details {
  /** The required parameter that was not there. */
  readonly missing?: string
  /** Other words than the usual ones. */
  readonly description?: string
}

/** Why an OAuth request is refused. */
export class Refusal extends Error {
  readonly error: RefusalCode
  readonly missing: string | undefined

  constructor(error: RefusalCode, { missing, description = descriptions[error] }: Details = {}) {
    super(missing ? `Missing required parameter: ${missing}.` : description)
    this.error = error
    this.missing = missing
  }
}

/** The status of a refusal: 401 where the client or the token is the trouble, else 400 (RFC 6749 section 5.2). */
export const statusOf = (error: RefusalCode): 400 | 401 =>
  error === 'invalid_client' || error === 'unauthorized_client' || error === 'invalid_token' ? 401 : 400

/** The header Doorkeeper puts on every error of its JSON endpoints, also where no Bearer token is concerned. */
export function challenge({ error, message }: Refusal): Record<string, string> {
  return { 'www-authenticate': `Bearer realm="Doorkeeper", error="${error}", error_description="${message}"` }
}

/** Headers of every answer that holds a token or refuses one (RFC 6749 section 5.1). */
export const noStore = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' }

/** Answers with a refusal as JSON. */
export function refuse(refusal: Refusal, options: { state?: string | undefined } = {}): Response {
  const { error, message } = refusal
  const body = { error, error_description: message, ...(options.state && { state: options.state }) }
  return json(body, { status: statusOf(error), headers: { ...noStore, ...challenge(refusal) } })
}
