import { fail, OAuthError } from '../protocol/errors.ts'
import { type ExchangeOptions, endsSession, exchange } from '../protocol/exchange.ts'
import { admit } from '../protocol/id-token.ts'
import { isLive, isWithin, type TokenResponse, type TokenSet } from '../protocol/token.ts'
import type { BffContext, Forge } from './context.ts'
import { revokeTokens } from './revocation.ts'
import { withSecret } from './secret.ts'
import type { BffSession } from './session-store.ts'

/** Asks for new tokens; throws `login_required` if the refresh token is dead or there is none. */
async function renew(
  context: BffContext,
  forge: Forge,
  { refresh_token, scope, claims }: Pick<TokenSet, 'refresh_token' | 'scope' | 'claims'>,
): Promise<TokenResponse> {
  const { provider, client_id } = forge
  if (!refresh_token) return fail('login_required', 'Sign in again.')
  const grant = { grant_type: 'refresh_token', refresh_token, client_id, ...(scope && { scope }) } as const
  try {
    const ask = async (made: Pick<ExchangeOptions, 'authentication'>) => {
      const options = { ...context, ...forge, ...made }
      const tokens = await exchange(provider, grant, options)
      return claims ? admit(tokens, { issuer: claims.iss, sub: claims.sub }, options) : tokens
    }
    // Without a secret in it, there is none to be refused.
    const isAlone = provider.refresh_authentication === 'none'
    const { timeout } = context
    return await (isAlone ? ask({ authentication: {} }) : withSecret(forge, { use: 'refresh', timeout }, ask))
  } catch (error) {
    if (error instanceof OAuthError && endsSession(provider, error))
      fail('login_required', 'Sign in again.', { error: error.error })
    throw error
  }
}

/** What is asked for: a session whose access token is none of the `refused`, and can do no more than `scope`. */
interface Asked {
  readonly forge: Forge
  readonly session: BffSession
  readonly refused?: string | undefined
  readonly scope?: string | undefined
}

const isUsable = ({ now }: BffContext, { refused, scope }: Asked) => {
  const isNarrow = (one: BffSession) => !scope || one.narrowing === 'refused' || isWithin(one.scope, scope)
  return (one: BffSession) => one.access_token !== refused && isLive(one, now()) && isNarrow(one)
}

/** Whether a forge gave no more than was asked for; one that does not say may have given all there is. */
const judge = ({ scope }: TokenSet, asked: string | undefined): Pick<BffSession, 'narrowing'> =>
  asked ? { narrowing: scope !== undefined && isWithin(scope, asked) ? 'done' : 'refused' } : {}

/** The session with new tokens, which are also pushed to `won`; ends it where there are none to be had, or none that fit. */
async function replaceTokens(
  context: BffContext,
  forge: Forge,
  { current, won, asked }: { current: BffSession; won: TokenSet[]; asked: string | undefined },
): Promise<BffSession> {
  const { sessions, now } = context
  try {
    // What a session has been narrowed to once it is asked for ever after.
    const kept = current.narrowing === 'done' ? current.scope : undefined
    const renewed = await renew(context, forge, { ...current, scope: asked ?? kept })
    won.push(renewed)
    if (forge.exactScope && !isWithin(renewed.scope, current.scope)) fail('login_required', 'Sign in again.')
    const { refresh_token = current.refresh_token, scope = current.scope, id_token: _, ...tokens } = renewed
    const { claims = current.claims } = renewed
    const next = {
      ...current,
      ...tokens,
      refresh_token,
      scope,
      claims,
      refreshed_at: now(),
      ...judge(renewed, asked),
    }
    // Before anything is called with it: the page would take a call that is done for one that failed.
    return (await sessions.fit(forge, next)) ?? fail('login_required', 'Sign in again.')
  } catch (error) {
    if (asked && error instanceof OAuthError && error.error === 'invalid_scope')
      return { ...current, narrowing: 'refused' }
    const isOver = error instanceof OAuthError && error.code === 'login_required'
    // Where it has ended meanwhile, the cookie may be that of the next one.
    if (isOver && !sessions.end(current)) fail('session_required', 'Sign in first.')
    throw error
  }
}

/** Changes a session to one with new tokens; tokens that come to nothing are revoked. */
async function refresh(context: BffContext, asked: Asked): Promise<BffSession | undefined> {
  const { forge, session } = asked
  const won: TokenSet[] = []
  let changed: BffSession | undefined
  try {
    changed = await context.sessions.change(session, async (current) => {
      // Another request was faster: its token is as good as one of our own.
      const isDone = !current || isUsable(context, asked)(current)
      return isDone ? current : replaceTokens(context, forge, { current, won, asked: asked.scope })
    })
    return changed
  } finally {
    // They came too late: their session has ended meanwhile.
    if (won[0] && !changed) void revokeTokens(context, forge, won[0])
  }
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
  const key = `${session.id} ${session.access_token} ${asked.scope}`
  const running = refreshing.get(key) ?? refresh(context, asked).finally(() => refreshing.delete(key))
  refreshing.set(key, running)
  return (await running) ?? fail('session_required', 'Sign in first.')
}
