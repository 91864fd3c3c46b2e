import { fail, OAuthError } from '../protocol/errors.ts'
import { endsSession, exchange } from '../protocol/exchange.ts'
import { isLive, type TokenSet } from '../protocol/token.ts'
import type { BffContext, Forge } from './context.ts'
import type { BffSession } from './session-store.ts'

/** Asks for new tokens; throws `login_required` if the refresh token is dead or there is none. */
async function renew(context: BffContext, forge: Forge, { refresh_token }: BffSession): Promise<TokenSet> {
  const { provider, client_id } = forge
  if (!refresh_token) return fail('login_required', 'Sign in again.')
  const client_secret = await forge.readSecret()
  const grant = { grant_type: 'refresh_token', refresh_token, client_id, client_secret } as const
  try {
    return await exchange(provider, grant, context)
  } catch (error) {
    if (error instanceof OAuthError && endsSession(provider, error))
      fail('login_required', 'Sign in again.', { error: error.error })
    throw error
  }
}

/**
 * Gives a session whose access token can be used now, refreshed once however many ask (RFC 6749 section 6); `refused` is a
 * token that the API turned down. Ends the session and throws `login_required` where it cannot be refreshed for good.
 */
export async function liveSession(
  context: BffContext,
  { forge, session, refused }: { forge: Forge; session: BffSession; refused?: string },
): Promise<BffSession> {
  const { sessions, now } = context
  const isUsable = (one: BffSession) => one.access_token !== refused && isLive(one, now())
  if (isUsable(session)) return session
  const changed = await sessions.change(session, async (current) => {
    // Another request was faster: its token is as good as one of our own.
    if (!current || isUsable(current)) return current
    try {
      const {
        refresh_token = current.refresh_token,
        scope = current.scope,
        ...tokens
      } = await renew(context, forge, current)
      return { ...current, ...tokens, refresh_token, scope }
    } catch (error) {
      if (error instanceof OAuthError && error.code === 'login_required') sessions.end(current)
      throw error
    }
  })
  return changed ?? fail('session_required', 'Sign in first.')
}
