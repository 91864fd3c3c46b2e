import { readAccount } from '../protocol/account.ts'
import { fail, OAuthError } from '../protocol/errors.ts'
import { answer, json, problem } from './answer.ts'
import type { BffContext, Forge } from './context.ts'
import { revokeTokens } from './revocation.ts'
import type { BffSession } from './session-store.ts'

/** Milliseconds that a person waits for what is only good to have: the account, and the forge's word on a sign-out. */
const PATIENCE = 5000

/** Adds the account to a session that has none yet; a forge that does not tell is asked again the next time. */
async function identify(context: BffContext, forge: Forge, session: BffSession): Promise<BffSession> {
  if (session.account || !forge.provider.account) return session
  const { identifying } = context
  const running =
    identifying.get(session.id) ??
    readOwner(context, forge, session).finally(() => identifying.delete(session.id))
  identifying.set(session.id, running)
  return running
}

async function readOwner(context: BffContext, forge: Forge, session: BffSession): Promise<BffSession> {
  const { sessions, fetch } = context
  const signal = AbortSignal.timeout(PATIENCE)
  const { access_token, claims } = session
  // Before its turn: a slow answer holds up no refresh.
  const account = await readAccount(forge.provider, { access_token, claims, fetch, signal }).catch(
    () => undefined,
  )
  if (!account) return session
  const changed = await sessions.change(session, async (current) =>
    current && !current.account ? sessions.fit(forge, { ...current, account }) : current,
  )
  return changed ?? session
}

/** What a page may know of a session: no token. */
const toPublic = ({ account, claims, scope, expires_at }: BffSession) => ({
  account,
  claims,
  scope,
  expires_at,
})

/** Answers `GET session`: the sessions of this browser by the forge's name, `{}` for none. */
export async function readSessions(context: BffContext, request: Request): Promise<Response> {
  const { sessions, forges } = context
  const cookies: string[] = []
  const found: Record<string, unknown> = {}
  let hadCookie = false
  for (const forge of forges.values()) {
    const { session, presented, unusable, outdated } = await sessions.find(request, forge)
    hadCookie ||= presented
    if (unusable) cookies.push(sessions.remove(forge))
    if (!session) continue
    const known = await identify(context, forge, session)
    if (outdated || known !== session) cookies.push(...(await sessions.keep(forge, known)))
    found[forge.name] = toPublic(known)
  }
  return hadCookie && Object.keys(found).length === 0
    ? problem(new OAuthError('session_required', { hint: 'Sign in first.' }), cookies)
    : json(found, { cookies })
}

/** Answers `POST logout`, of one forge with `?provider=`: ends the session here, then revokes its tokens at the forge. */
export async function endSessions(context: BffContext, request: Request): Promise<Response> {
  const { sessions, forges } = context
  const name = new URL(request.url).searchParams.get('provider')
  const asked =
    name === null ? [...forges.values()] : [forges.get(name) ?? fail('not_found', `There is no "${name}".`)]
  const cookies: string[] = []
  const revoked: boolean[] = []
  for (const forge of asked) {
    const { session, unusable } = await sessions.find(request, forge)
    if (session || unusable) cookies.push(sessions.remove(forge))
    if (!session) continue
    sessions.end(session)
    const timeout = Math.min(context.timeout, PATIENCE)
    revoked.push(await revokeTokens({ ...context, timeout }, forge, session))
  }
  return revoked.length > 0
    ? json({ revoked: revoked.every(Boolean) }, { cookies })
    : answer(null, { status: 204, cookies })
}
