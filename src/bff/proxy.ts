import { readAccount } from '../protocol/account.ts'
import { presentToken } from '../protocol/bearer.ts'
import { fail, OAuthError } from '../protocol/errors.ts'
import type { Provider } from '../provider/provider.ts'
import { answer, problem } from './answer.ts'
import type { BffContext, Forge } from './context.ts'
import { toPage, toUpstream } from './proxy-headers.ts'
import { resolveTarget } from './proxy-target.ts'
import { liveSession } from './refresh.ts'
import { scrubBody } from './scrub.ts'
import type { BffSession } from './session-store.ts'

/** Up to this many bytes a body is kept, so that it can be sent a second time. */
const REPLAYABLE = 65_536

/** A call to be made with a session's token. */
interface Call {
  readonly provider: Provider
  readonly target: URL
  readonly method: string
  readonly headers: Headers
  readonly body: BodyInit | null
  /** The page's own request: when it gives up, so does the call. */
  readonly signal: AbortSignal
}

/** Reads a small body, so that it can be repeated; passes a large one on as it comes. */
async function toCall(
  request: Request,
  { provider, target }: Pick<Call, 'provider' | 'target'>,
): Promise<Call> {
  const { method, headers, signal } = request
  const length = Number(headers.get('content-length') ?? Number.POSITIVE_INFINITY)
  const body = request.body && length <= REPLAYABLE ? await request.arrayBuffer() : request.body
  return { provider, target, method, headers, body, signal }
}

/** Sends a call once; follows no redirect, and waits for the headers of its answer no longer than `timeout`. */
async function send({ fetch, timeout }: BffContext, call: Call, access_token: string): Promise<Response> {
  const { provider, target, method, signal } = call
  const asked = new Request(target, { headers: toUpstream(call.headers, provider) })
  const { url, headers } = await presentToken(asked, access_token, provider)
  const deadline = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isAnswered = false
  const start = () => {
    // An answer may come before the end of an upload, and then takes its own time.
    if (!isAnswered) timer = setTimeout(() => deadline.abort(), timeout)
  }
  const isStream = call.body instanceof ReadableStream
  // An upload takes as long as it takes: the answer is waited for from its end on.
  const body = isStream ? call.body.pipeThrough(new TransformStream({ flush: start })) : call.body
  if (!isStream) start()
  try {
    return await fetch(url, {
      method,
      headers,
      body,
      redirect: 'manual',
      credentials: 'omit',
      signal: AbortSignal.any([deadline.signal, signal]),
      // Node demands it of a body that is a stream.
      ...(body && { duplex: 'half' }),
    })
  } catch {
    return fail(deadline.signal.aborted ? 'timeout' : 'network_error', 'The forge did not answer: try again.')
  } finally {
    isAnswered = true
    clearTimeout(timer)
  }
}

/** Milliseconds after a refresh in which a refusal is hardly about the token: the account is asked for first. */
const RECENT = 30_000

/** Whether an API's 401 is about the token, so that another one may help; it may be about that one resource. */
export async function isRefused(context: BffContext, forge: Forge, session: BffSession): Promise<boolean> {
  const { fetch, timeout, now } = context
  const { access_token, refresh_token, refreshed_at = 0 } = session
  if (refresh_token && now() - refreshed_at > RECENT) return true
  const signal = AbortSignal.timeout(timeout)
  return readAccount(forge.provider, { access_token, fetch, signal }).then(
    () => !forge.provider.account,
    (error) => error instanceof Response && error.status === 401,
  )
}

/** Calls the API, and once more with a new token if it refuses this one and the body can be sent again. */
async function call(
  context: BffContext,
  { forge, session, made }: { forge: Forge; session: BffSession; made: Call },
) {
  const live = await liveSession(context, { forge, session })
  const response = await send(context, made, live.access_token)
  const isFinal = response.status !== 401 || made.body instanceof ReadableStream
  if (isFinal || !(await isRefused(context, forge, live))) return { live, response }
  await response.body?.cancel()
  const renewed = await liveSession(context, { forge, session: live, refused: live.access_token })
  return { live: renewed, response: await send(context, made, renewed.access_token) }
}

/** Answers `api/<name>/…`: the forge's API with the token of the session (RFC 10017 section 6.1.1). */
export async function proxy(
  context: BffContext,
  { forge, request, path }: { forge: Forge; request: Request; path: string },
): Promise<Response> {
  const { sessions, base } = context
  const { search } = new URL(request.url)
  if (request.headers.get('service-worker')) fail('resource_not_allowed', 'An API is no place for a script.')
  const target = resolveTarget(forge, { method: request.method, path, search })
  const { session, unusable, outdated } = await sessions.find(request, forge)
  if (!session) {
    const error = new OAuthError('session_required', { hint: 'Sign in first.' })
    return problem(error, unusable ? [sessions.remove(forge)] : [])
  }
  try {
    const { provider } = forge
    const made = await toCall(request, { provider, target })
    const { live, response } = await call(context, { forge, session, made })
    const cookies = outdated || live !== session ? await sessions.keep(forge, live) : []
    const hidden = provider.token_in === 'query' ? live.access_token : undefined
    const links = { api_base: `${provider.api_base}`, proxied: `${base}/api/${forge.name}/`, hidden }
    const body = hidden && response.body ? response.body.pipeThrough(scrubBody(hidden)) : response.body
    return answer(body, {
      status: response.status,
      headers: toPage(response.headers, links),
      cookies,
    })
  } catch (error) {
    const isOver = error instanceof OAuthError && error.code === 'login_required'
    return problem(error, isOver ? [sessions.remove(forge)] : [])
  }
}
