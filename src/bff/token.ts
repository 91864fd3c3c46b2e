import { fail, OAuthError } from '../protocol/errors.ts'
import { fingerprint } from '../protocol/fingerprint.ts'
import { isWithin } from '../protocol/token.ts'
import { json, problem } from './answer.ts'
import type { BffContext, Forge } from './context.ts'
import { isRefused } from './proxy.ts'
import { liveSession } from './refresh.ts'
import type { BffSession } from './session-store.ts'

/** What a page gets to hold: never the refresh token. */
const toPublic = async ({ access_token, expires_at, scope }: BffSession) => ({
  access_token,
  token_type: 'Bearer',
  expires_at,
  scope,
  fingerprint: await fingerprint(access_token),
})

const unavailable = () =>
  new OAuthError('scope_unavailable', {
    hint: 'Ask for scopes that were granted, or sign in for these alone.',
  })

/** Refuses a scope that was not granted, or that is less than a session has which cannot be refreshed (RFC 6749 section 6). */
function assertAvailable({ scope: granted, refresh_token }: BffSession, scope: string): void {
  if (!isWithin(scope, granted) || (!refresh_token && !isWithin(granted, scope))) throw unavailable()
}

/** The token to replace: the session's own if it is the one that a page names as refused, and is not good after all. */
async function findRefused(
  context: BffContext,
  forge: Forge,
  { session, named }: { session: BffSession; named: string | null },
): Promise<string | undefined> {
  const { access_token } = session
  // Another page may hold an older one, and only has to hear of this.
  if (!named || named !== (await fingerprint(access_token))) return
  return (await isRefused(context, forge, session)) ? access_token : undefined
}

/**
 * Answers `GET token/<name>`: an access token for the page (RFC 10017 section 6.2.2), of no more than the `scope` it asks for.
 * `refused` is the fingerprint of one that the forge's API turned down.
 */
export async function readToken(context: BffContext, forge: Forge, request: Request): Promise<Response> {
  const { sessions } = context
  const { searchParams } = new URL(request.url)
  const scope = searchParams.get('scope') || undefined
  const { session, unusable, outdated } = await sessions.find(request, forge)
  try {
    if (!session) return fail('session_required', 'Sign in first.')
    if (scope) assertAvailable(session, scope)
    const refused = await findRefused(context, forge, { session, named: searchParams.get('refused') })
    const narrower = isWithin(session.scope, scope ?? session.scope) ? undefined : scope
    const live = await liveSession(context, { forge, session, scope: narrower, refused })
    const cookies = outdated || live !== session ? await sessions.keep(forge, live) : []
    return scope && !isWithin(live.scope, scope)
      ? problem(unavailable(), cookies)
      : json(await toPublic(live), { cookies })
  } catch (error) {
    const isOver = error instanceof OAuthError && error.code === 'login_required'
    return problem(error, unusable || isOver ? [sessions.remove(forge)] : [])
  }
}
