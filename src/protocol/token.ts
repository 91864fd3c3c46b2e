import { OAuthError, type OAuthErrorCode, readServerError } from './errors.ts'

/** Parameters of a token request, spelled as on the wire (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5). */
export type TokenGrant = { readonly client_id: string } & (
  | { grant_type: 'authorization_code'; code: string; redirect_uri: string; code_verifier: string }
  | { grant_type: 'refresh_token'; refresh_token: string }
)

/** What a token response grants (RFC 6749 section 5.1). */
export interface TokenSet {
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Milliseconds since the epoch by this device's clock; absent if the server named no lifetime. */
  readonly expires_at?: number | undefined
  readonly refresh_token?: string | undefined
  readonly scope?: string | undefined
}

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

/** Builds the token request of a public client: no secret (RFC 6749 sections 4.1.3 and 6). */
export const createTokenRequest = ({ token_endpoint }: { token_endpoint: string }, grant: TokenGrant): Request =>
  createFormRequest(token_endpoint, grant)

/** Bytes of a decoded body that are read at most: 1 MiB. */
const MAX_BODY = 1 << 20

/** Reads a body as text; lets go of it, and throws `response_too_large`, where it does not end. */
async function readText({ body }: Response): Promise<string> {
  let size = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length
      size > MAX_BODY ? controller.terminate() : controller.enqueue(chunk)
    },
  })
  const text = await new Response(body?.pipeThrough(counter)).text()
  if (size > MAX_BODY) throw new OAuthError('response_too_large')
  return text
}

/** Printable ASCII (RFC 6749 appendices A.12 and A.17), so that it can stand in a header. */
const isToken = (value: unknown): value is string => typeof value === 'string' && /^[ -~]+$/.test(value)

/** Whole seconds of a number or of digits in text; `undefined` where there is no lifetime, NaN where there is no number. */
const readLifetime = (value: unknown): number | undefined =>
  value == null ? undefined : /^(number\d+(\.\d+)?|string\d+)$/.test(typeof value + value) ? Math.floor(Number(value)) : Number.NaN

/** Who answers a token request, and which sent values its error texts must not repeat. */
export interface TokenSource {
  readonly name: string
  readonly secrets: readonly string[]
}

/**
 * Reads a token response by its body first, then by its status (RFC 6749 sections 5.1 and 5.2). `now` is in milliseconds.
 * Throws {@link OAuthError}: `token_endpoint_error` with the server's `error`, else what is wrong with the answer.
 */
export async function readTokenResponse(source: TokenSource, response: Response, now: number): Promise<TokenSet> {
  const { status, headers } = response
  const text = await readText(response)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {}
  const tokens = (body ?? {}) as Record<string, unknown>
  const { access_token, token_type, refresh_token, scope, error } = tokens
  const lifetime = readLifetime(tokens.expires_in)
  const faults: [OAuthErrorCode, unknown][] = [
    ['token_endpoint_error', typeof error === 'string'],
    ['bad_status', status !== 200],
    ['unexpected_content_type', !/^application\/(.+\+)?json\b/i.test(`${headers.get('content-type')}`)],
    ['invalid_json', body === undefined],
    ['not_object', Object.prototype.toString.call(body) !== '[object Object]'],
    ['missing_access_token', access_token == null || access_token === ''],
    ['invalid_access_token', !isToken(access_token)],
    ['missing_token_type', token_type == null],
    ['unsupported_token_type', !/^bearer$/i.test(`${token_type}`)],
    ['invalid_expires_in', Number.isNaN(lifetime)],
  ]
  const fault = faults.find(([, found]) => found)
  if (fault) {
    throw new OAuthError(fault[0], {
      ...(error !== undefined && readServerError(tokens, source.secrets)),
      provider: source.name,
      status,
      retryAfter: Number(headers.get('retry-after')) || undefined,
      hint: 'Try again; if it stays, the admin of the authorization server has to look.',
    })
  }
  return {
    access_token: access_token as string,
    token_type: 'Bearer',
    expires_at: lifetime === undefined ? undefined : now + lifetime * 1000,
    refresh_token: isToken(refresh_token) ? refresh_token : undefined,
    scope: typeof scope === 'string' ? scope : undefined,
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
const isWithin = (scope = '', others = '') => scope.split(' ').every((one) => ` ${others} `.includes(` ${one} `))

/** Holds the granted scope against what was asked for; throws `scope_insufficient` or `scope_exceeded`. */
export function assertScope(granted: string | undefined, asked: string | undefined, demands: ScopeDemands): void {
  const { requiredScope, exactScope } = demands
  const fault =
    requiredScope && !isWithin(requiredScope, granted)
      ? 'scope_insufficient'
      : exactScope && !isWithin(granted, asked) && 'scope_exceeded'
  if (fault) throw new OAuthError(fault)
}
