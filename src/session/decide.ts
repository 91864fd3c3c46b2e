import { OAuthError } from '../protocol/errors.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { SessionRecord } from './record.ts'

/** What to do after a refresh. */
export interface Decision {
  /** What the storage shall hold; `undefined`: the session has ended. */
  readonly record: SessionRecord | undefined
  /** What the waiting calls hear. */
  readonly error?: OAuthError | undefined
  /** Granted to a session that is gone: to be revoked. */
  readonly unwanted?: TokenSet
}

/** Decides what a refresh of `before`, which led to tokens or an error, means for the session that is `current` after it. */
export function decide(
  before: SessionRecord,
  current: SessionRecord | undefined,
  outcome: TokenSet | OAuthError,
): Decision {
  const failed = outcome instanceof OAuthError
  if (current?.id !== before.id) {
    const error = current ? undefined : new OAuthError('signed_out')
    return failed ? { record: current, error } : { record: current, error, unwanted: outcome }
  }
  const { session } = current
  if (!failed) {
    const { access_token, refresh_token = current.refresh_token, expires_at, scope = session.scope } = outcome
    return {
      record: {
        ...current,
        access_token,
        refresh_token,
        session: { ...session, scope, expires_at, stale: undefined },
      },
    }
  }
  // Somebody without our lock was faster: what this refresh was told is about a token that is no longer ours.
  if (current.access_token !== before.access_token) return { record: current }
  // Only this says that the refresh token is dead; all else passes, or is the operator's to mend.
  return outcome.code === 'login_required'
    ? { record: undefined, error: outcome }
    : { record: { ...current, session: { ...session, stale: true } }, error: outcome }
}
