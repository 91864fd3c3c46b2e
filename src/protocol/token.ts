import type { Provider } from '../provider/provider.ts'
import { fail, type OAuthErrorCode, readServerError } from './errors.ts'

/** Parameters of a token request, spelled as on the wire (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5). */
export type TokenGrant = { readonly client_id?: string } & (
  | { grant_type: 'authorization_code'; code: string; redirect_uri?: string; code_verifier?: string }
  | { grant_type: 'refresh_token'; refresh_token: string; scope?: string }
  | { grant_type: 'password'; username: string; password: string; scope?: string }
)

/** What a token response grants (RFC 6749 section 5.1). */
export interface TokenSet {
  readonly access_token: string
  /** Milliseconds since the epoch by this device's clock; absent if the server named no lifetime. */
  readonly expires_at?: number | undefined
  readonly refresh_token?: string | undefined
  readonly scope?: string | undefined
  /** Who signed in, if an ID token was asked for. */
  readonly claims?: Claims | undefined
}

/** What an ID token says that has passed all checks, in plain JSON (OpenID Connect Core section 2); not the token itself. */
export interface Claims {
  readonly iss: string
  /** Who it is: one person of this issuer, for ever. */
  readonly sub: string
  readonly [name: string]: unknown
}

/** A token response that was read. */
export interface TokenResponse extends TokenSet {
  /** As the server sent it: not judged yet. */
  readonly id_token?: unknown
}

/** Whether an access token can still be used for 5 s; one without a lifetime is used until the API refuses it. */
export const isLive = ({ expires_at = Infinity }: Pick<TokenSet, 'expires_at'>, now: number): boolean =>
  now < expires_at - 5000

/** Builds a form POST that needs no CORS preflight and that no redirect can carry elsewhere. */
export const createFormRequest = (url: string, fields: Record<string, string>): Request =>
  new Request(url, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(fields),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
  })

/** A token endpoint: where it is, whose it is, and in what it differs from the specification. */
export type TokenEndpoint = Pick<
  Provider,
  | 'name'
  | 'refresh_authentication'
  | 'scope_separator'
  | 'token_endpoint'
  | 'token_request'
  | 'token_response'
  | 'token_type_missing'
>

/** Builds a token request; `authentication` is what proves a confidential client (RFC 6749 sections 2.3.1, 4.1.3 and 6). */
export function createTokenRequest(
  { token_endpoint, token_request, refresh_authentication }: TokenEndpoint,
  { client_id, ...grant }: TokenGrant,
  authentication?: Readonly<Record<string, string>>,
): Request {
  const isAlone = !client_id || (refresh_authentication && 'refresh_token' in grant)
  const client = isAlone ? {} : { client_id }
  const proof = isAlone ? {} : authentication
  const fields = { ...grant, ...client }
  const query = token_request ? `?${new URLSearchParams(fields)}` : ''
  return createFormRequest(token_endpoint + query, { ...(!query && fields), ...proof })
}

/** Reads a body as text, 1 MiB at most; lets go of one that does not end, and throws `response_too_large`. */
export async function readText({ body }: Response): Promise<string> {
  let left = 1 << 20
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      left -= chunk.length
      left < 0 ? controller.terminate() : controller.enqueue(chunk)
    },
  })
  const text = await new Response(body?.pipeThrough(counter)).text()
  return left < 0 ? fail('response_too_large') : text
}

/** The value if it is text: nothing else of a server's is ever made into text. */
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Printable ASCII (RFC 6749 appendices A.12 and A.17), so that it can stand in a header. */
export const isToken = (value: unknown): value is string => /^[ -~]+$/.test(text(value))

/** Whole seconds, of a number or of digits in a text; NaN for anything else. */
const readSeconds = (value: unknown): number =>
  Math.floor(typeof value === 'number' ? value : /^\d+$/.test(text(value)) ? Number(value) : Number.NaN)

/** What is wrong with a token response, most telling first; `undefined` as the body is what is not JSON. */
function findFault(
  { status }: Response,
  body: unknown,
  { isReadable, token_type_missing }: { isReadable: unknown; token_type_missing: string | undefined },
): OAuthErrorCode | false {
  const { access_token, token_type = token_type_missing, error, expires_in } = Object(body)
  const seconds = readSeconds(expires_in)
  return (
    (typeof error === 'string' && 'token_endpoint_error') ||
    (status !== 200 && !(status === 401 && !(isReadable && body)) && 'bad_status') ||
    (!isReadable && 'unexpected_content_type') ||
    (body === undefined && 'invalid_json') ||
    ((Object(body) !== body || Array.isArray(body)) && 'not_object') ||
    ((access_token ?? '') === '' && 'missing_access_token') ||
    (!isToken(access_token) && 'invalid_access_token') ||
    (token_type == null && 'missing_token_type') ||
    (!/^bearer$/i.test(text(token_type)) && 'unsupported_token_type') ||
    (expires_in != null && !(seconds >= 0 && seconds < 1e12) && 'invalid_expires_in')
  )
}

/** The content types that a server may declare beside JSON. */
const LABELS = { form: /^application\/x-www-form-urlencoded\b/i, text: /^text\/plain\b/i }

/**
 * Reads the token response of a server, by its body first, then by its status (RFC 6749 sections 5.1 and 5.2). `now` is in
 * milliseconds since the epoch.
 * Throws {@link OAuthError}: `token_endpoint_error` with the server's `error`, else what is wrong with the answer.
 */
export async function readTokenResponse(
  endpoint: TokenEndpoint,
  response: Response,
  now: number,
): Promise<TokenResponse> {
  const { name: provider, token_response, scope_separator = ' ', token_type_missing } = endpoint
  const type = `${response.headers.get('content-type')}`
  const isDeclared = token_response && LABELS[token_response].test(type)
  const isReadable = isDeclared || /^application\/(.+\+)?json\b/i.test(type)
  const content = await readText(response)
  let body: unknown
  try {
    const isForm = isDeclared && token_response === 'form'
    body = isForm ? Object.fromEntries(new URLSearchParams(content)) : JSON.parse(content)
  } catch {}
  const { access_token, refresh_token, id_token, scope, error, expires_in } = Object(body)
  // One in another form may be any: taken for none it would pass for what was asked for.
  const isScopeOdd = scope != null && typeof scope !== 'string'
  const fault =
    findFault(response, body, { isReadable, token_type_missing }) || (isScopeOdd && 'malformed_response')
  if (fault) {
    const { status, headers } = response
    const told = error === undefined ? {} : readServerError(Object(body))
    const details = { ...told, provider, status, retryAfter: Number(headers.get('retry-after')) || undefined }
    fail(fault, 'Try again; if it stays, ask the admin of the authorization server.', details)
  }
  return {
    access_token,
    refresh_token: isToken(refresh_token) ? refresh_token : undefined,
    id_token,
    expires_at: expires_in == null ? undefined : now + readSeconds(expires_in) * 1000,
    scope: scope?.replaceAll(scope_separator, ' '),
  }
}

/** What an app demands of the granted scope. */
export interface ScopeDemands {
  /** Space-separated scopes that must have been granted. */
  readonly requiredScope?: string | undefined
  /** Refuses scopes beyond those asked for. */
  readonly exactScope?: boolean | undefined
}

/** Whether each of these space-separated scopes is among the others. */
export const isWithin = (scope = '', others = '') =>
  scope.split(' ').every((one) => !one || others.split(' ').includes(one))

/** Holds the granted scope against what was asked for; throws `scope_insufficient` or `scope_exceeded`. */
export function assertScope(
  granted: string | undefined,
  asked: string | undefined,
  demands: ScopeDemands,
): void {
  if (!isWithin(demands.requiredScope ?? granted, granted)) fail('scope_insufficient')
  if (demands.exactScope && !isWithin(granted, asked)) fail('scope_exceeded')
}
