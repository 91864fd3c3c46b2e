import { OAuthError } from '../protocol/errors.ts'
import { isLive, type TokenSet } from '../protocol/token.ts'
import type { Attempt, SessionRecord } from './record.ts'

/** Why tokens may be renewed: somebody needs one now, the old one ends soon, or this page has woken up. */
export type Occasion = 'call' | 'ahead' | 'wake'

/** What a session is looked at with. */
export interface Circumstances {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly occasion: Occasion
  /** A refresh of it whose answer is not known. */
  readonly attempt?: Attempt | undefined
  /** An access token that the API turned down. */
  readonly refused?: string | undefined
  /** What a second use of a refresh token does at this server. */
  readonly refresh_reuse?: 'tolerated' | 'fails' | 'revokes' | undefined
}

/** Milliseconds to wait after so many requests that nobody answered: none before the first repeat, then more and more. */
const patience = (tries: number): number => (tries < 2 ? 0 : Math.min(1000 * 2 ** tries, 60_000))

/**
 * Tells what a session needs: its tokens renewed, a new sign-in, some more time after requests without an answer, or nothing.
 * A refresh token that may be spent is not sent again while the access token lives (RFC 9700 section 4.14.2).
 */
export function assess(
  record: SessionRecord,
  { now, occasion, attempt, refused, refresh_reuse }: Circumstances,
): 'nothing' | 'refresh' | 'login' | 'patience' {
  const { access_token, refresh_token, renew_at = Infinity, session } = record
  const isUsable = access_token !== refused && isLive(session, now)
  const isEarly = occasion !== 'call' && now >= renew_at && (!attempt || refresh_reuse === 'tolerated')
  if (isUsable && !(isEarly && refresh_token)) return 'nothing'
  if (!refresh_token) return 'login'
  // In both directions: a clock that is set back must not make it wait for long.
  const isWaiting = attempt && Math.abs(now - attempt.sent_at) < patience(attempt.tries)
  return isWaiting && occasion !== 'wake' ? 'patience' : 'refresh'
}

/** What to do after a refresh. */
export interface Decision {
  /** What the storage shall hold; `undefined`: the session has ended. */
  readonly record: SessionRecord | undefined
  /** What the waiting calls hear. */
  readonly error?: OAuthError | undefined
  /** Granted to a session that is gone: to be revoked. */
  readonly unwanted?: TokenSet
  /** Whether the refresh token may be spent: the attempt stays noted. */
  readonly isOpen?: boolean
}

/** When tokens are renewed before anybody needs new ones: a minute before their end, or the last tenth of a short life. */
export const renewalOf = ({ expires_at }: Pick<TokenSet, 'expires_at'>, now: number): number | undefined =>
  expires_at && expires_at - Math.min(60_000, (expires_at - now) / 10)

/** Whether the server may have spent the refresh token all the same: it was not heard, or not understood. */
const isUnknown = ({ code, status = 0 }: OAuthError): boolean =>
  status >= 500 || (status < 300 && code !== 'token_endpoint_error')

/** A refresh as it went. */
export interface Refresh {
  readonly before: SessionRecord
  /** The last one before it, if its answer is not known. */
  readonly attempt?: Attempt | undefined
  readonly outcome: TokenSet | OAuthError
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Decides what a refresh means for the session that is `current` after it. */
export function decide(
  current: SessionRecord | undefined,
  { before, attempt, outcome, now }: Refresh,
): Decision {
  const failed = outcome instanceof OAuthError
  if (current?.id !== before.id) {
    const error = current ? undefined : new OAuthError('signed_out')
    return failed ? { record: current, error } : { record: current, error, unwanted: outcome }
  }
  const { session, serial = 0 } = current
  if (!failed) {
    const { access_token, refresh_token = current.refresh_token, expires_at, scope = session.scope } = outcome
    const { claims = session.claims } = outcome
    return {
      record: {
        ...current,
        access_token,
        refresh_token,
        renew_at: renewalOf(outcome, now),
        serial: serial + 1,
        session: { ...session, scope, expires_at, stale: undefined, ...(claims && { claims }) },
      },
    }
  }
  // Somebody without our lock was faster: what this refresh was told is about a token that is no longer ours.
  if (current.access_token !== before.access_token) return { record: current }
  // Only this says that the refresh token is dead; all else passes, or is the operator's to mend.
  if (outcome.code === 'login_required') {
    const reason = attempt && 'refresh_outcome_unknown'
    return { record: undefined, error: new OAuthError('login_required', { ...outcome, reason }) }
  }
  const isOpen = !!attempt || isUnknown(outcome)
  return { record: { ...current, session: { ...session, stale: true } }, error: outcome, isOpen }
}
