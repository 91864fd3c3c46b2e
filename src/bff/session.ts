import { readAccount } from '../protocol/account.ts'
import { fail, OAuthError } from '../protocol/errors.ts'
import { revoke } from '../protocol/revocation.ts'
import { answer, json, problem } from './answer.ts'
import type { BffContext, Forge } from './context.ts'
import type { BffSession } from './session-store.ts'

/** Milliseconds that a person waits for what is only good to have: the account, and the forge's word on a sign-out. */
const PATIENCE = 5000

/** Adds the account to a session that has none yet; a forge that does not tell is asked again the next time. */
async function identify(context: BffContext, forge: Forge, session: BffSession): Promise<BffSession> {
  if (session.account || !forge.provider.account) return session
  const { sessions, fetch } = context
  const changed = await sessions.change(session, async (current) => {
    if (!current || current.account) return current
    const signal = AbortSignal.timeout(PATIENCE)
    const { access_token } = current
    const account = await readAccount(forge.provider, { access_token, fetch, signal }).catch(() => undefined)
    return account ? { ...current, account } : current
  })
  return changed ?? session
}

/** What a page may know of a session: no token. */
const toPublic = ({ account, scope, expires_at }: BffSession) => ({ account, scope, expires_at })

/** Answers `GET session`: the sessions of this browser by the forge's name, `{}` for none. */
export async function readSessions(context: BffContext, request: Request): Promise<Response> {
  const { sessions, forges } = context
  const cookies: string[] = []
  const found: Record<string, unknown> = {}
  for (const forge of forges.values()) {
    const { session, presented, outdated } = await sessions.find(request, forge.name)
    if (presented && !session) cookies.push(sessions.remove(forge.name))
    if (!session) continue
    const known = await identify(context, forge, session)
    if (outdated || known !== session) cookies.push(await sessions.keep(forge.name, known))
    found[forge.name] = toPublic(known)
  }
  if (Object.keys(found).length === 0 && cookies.length > 0) {
    return problem(new OAuthError('session_required', { hint: 'Sign in first.' }), cookies)
  }
  return json(found, { cookies })
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
    const { session, presented } = await sessions.find(request, forge.name)
    if (presented) cookies.push(sessions.remove(forge.name))
    if (!session) continue
    sessions.end(session)
    const authentication = await forge.authenticate().catch(() => ({}))
    const timeout = Math.min(context.timeout, PATIENCE)
    revoked.push(await revoke(session, { ...context, ...forge, authentication, timeout }))
  }
  return revoked.length > 0
    ? json({ revoked: revoked.every(Boolean) }, { cookies })
    : answer(null, { status: 204, cookies })
}
