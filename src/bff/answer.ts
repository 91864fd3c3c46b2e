import { OAuthError, type OAuthErrorCode } from '../protocol/errors.ts'

/** Sent with every answer: it is for one person, at this moment, and to be taken for what it says it is. */
const ALWAYS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

/** What an answer is made of beside its body. */
export interface AnswerOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Set-Cookie values. */
  readonly cookies?: readonly string[]
}

/** Builds an answer of the BFF. */
export function answer(body: BodyInit | null, options: AnswerOptions = {}): Response {
  const { status = 200, headers, cookies = [] } = options
  const response = new Response(body, { status, headers: { ...ALWAYS, ...headers } })
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** Answers with JSON. */
export const json = (body: unknown, options: AnswerOptions = {}): Response =>
  answer(JSON.stringify(body), {
    ...options,
    headers: { 'content-type': 'application/json; charset=utf-8', ...options.headers },
  })

/** Sends the person on: 303, which turns every method into GET. */
export const redirectTo = (location: string | URL, cookies: readonly string[] = []): Response =>
  answer(null, { status: 303, headers: { location: `${location}` }, cookies })

/** The status for each code that is not the upstream server's fault. */
const STATUS: Partial<Record<OAuthErrorCode, number>> = {
  csrf: 403,
  login_in_progress: 429,
  login_required: 401,
  method_not_allowed: 405,
  no_transaction: 409,
  not_found: 404,
  resource_not_allowed: 400,
  scope_unavailable: 403,
  server_error: 500,
  session_required: 401,
  session_too_large: 500,
  state_mismatch: 400,
  timeout: 504,
  transaction_expired: 409,
  unsupported_by_provider: 400,
}

/** The status of an error: 502 where the forge is to blame. */
export const statusOf = (code: OAuthErrorCode): number => STATUS[code] ?? 502

/** Takes an error of ours as it is; any other may hold what is not for a page. */
export const toOAuthError = (error: unknown): OAuthError =>
  error instanceof OAuthError ? error : new OAuthError('server_error', { hint: 'Try again.' })

/** Answers a request of another method than the one that a route takes (RFC 9110 section 15.5.6). */
export function wrongMethod(allow: string, hint = `Use ${allow}.`): Response {
  const response = problem(new OAuthError('method_not_allowed', { hint }))
  response.headers.set('allow', allow)
  return response
}

/** Answers with an error: its code in a header, for the API behind the proxy has error bodies of its own. */
export function problem(error: unknown, cookies: readonly string[] = []): Response {
  const { code, hint, retryAfter } = toOAuthError(error)
  const headers = { 'forgepass-error': code, ...(retryAfter && { 'retry-after': `${retryAfter}` }) }
  return json({ error: code, hint, retryAfter }, { status: statusOf(code), headers, cookies })
}
