import { fail, OAuthError } from '../protocol/errors.ts'
import { endsSession, exchange } from '../protocol/exchange.ts'
import { revoke } from '../protocol/revocation.ts'
import { isLive, type TokenSet } from '../protocol/token.ts'
import type { BffContext, Forge } from './context.ts'
import type { BffSession } from './session-store.ts'

/** Asks for new tokens; throws `login_required` if the refresh token is dead or there is none. */
async function renew(context: BffContext, forge: Forge, { refresh_token }: BffSession): Promise<TokenSet> {
  const { provider, client_id } = forge
  if (!refresh_token) return fail('login_required', 'Sign in again.')
  const authentication = await forge.authenticate()
  const grant = { grant_type: 'refresh_token', refresh_token, client_id } as const
  try {
    return await exchange(provider, grant, { ...context, authentication })
  } catch (error) {
    if (error instanceof OAuthError && endsSession(provider, error))
      fail('login_required', 'Sign in again.', { error: error.error })
    throw error
  }
}

/** What is asked for: a session whose access token is none of the `refused`. */
interface Asked {
  readonly forge: Forge
  readonly session: BffSession
  readonly refused?: string | undefined
}

const isUsable = ({ now }: BffContext, { refused }: Asked) => {
  return (one: BffSession) => one.access_token !== refused && isLive(one, now())
}

/** Revokes tokens that came too late: their session has ended meanwhile. */
async function discard(context: BffContext, forge: Forge, tokens: TokenSet): Promise<void> {
  const authentication = await forge.authenticate().catch(() => ({}))
  await revoke(tokens, { ...context, ...forge, authentication })
}

/** Changes a session to one with new tokens; ends it where the refresh is refused for good. */
async function refresh(context: BffContext, asked: Asked): Promise<BffSession | undefined> {
  const { sessions, now } = context
  const { forge, session } = asked
  const won: TokenSet[] = []
  const changed = await sessions.change(session, async (current) => {
    // Another request was faster: its token is as good as one of our own.
    if (!current || isUsable(context, asked)(current)) return current
    try {
      won.push(await renew(context, forge, current))
    } catch (error) {
      if (error instanceof OAuthError && error.code === 'login_required') sessions.end(current, 'over')
      throw error
    }
    const { refresh_token = current.refresh_token, scope = current.scope, ...tokens } = won[0] as TokenSet
    const next = { ...current, ...tokens, refresh_token, scope, refreshed_at: now() }
    const fitting = await sessions.fit(forge, next)
    // Before anything is called with it: the page would take a call that is done for one that failed.
    if (!fitting) sessions.end(current, 'over')
    return fitting
  })
  if (won[0] && !changed) void discard(context, forge, won[0])
  return changed
}

/**
 * Gives a session whose access token can be used now, refreshed once however many ask (RFC 6749 section 6); `refused` is a
 * token that the API turned down. Ends the session and throws `login_required` where it cannot be refreshed for good.
 */
export async function liveSession(context: BffContext, asked: Asked): Promise<BffSession> {
  const { session } = asked
  if (isUsable(context, asked)(session)) return session
  const { refreshing } = context
  // Who asks for the same meanwhile gets the same, a failure too: a forge that is down is not asked in a row.
  const key = `${session.id} ${session.access_token}`
  const running = refreshing.get(key) ?? refresh(context, asked).finally(() => refreshing.delete(key))
  refreshing.set(key, running)
  return (await running) ?? fail('session_required', 'Sign in first.')
}
