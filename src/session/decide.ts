import { OAuthError } from '../protocol/errors.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { SessionRecord } from './record.ts'

/** Whether the access token can still be used for 5 s; one without a lifetime is used until the API refuses it. */
export const isLive = ({ session: { expires_at } }: SessionRecord, now: number): boolean =>
  expires_at === undefined || now < expires_at - 5000

/** What a refresh led to: tokens, or why there are none. */
export type Outcome = { readonly tokens: TokenSet } | { readonly error: OAuthError }

/** What to do after a refresh. */
export interface Decision {
  /** Store this; `null`: the session has ended. Absent: what is stored stays. */
  readonly record?: SessionRecord | null
  /** What the waiting calls hear, unless there is still a session to go on with. */
  readonly error?: OAuthError
  /** Granted to a session that is gone: revoke it. */
  readonly unwanted?: TokenSet | undefined
}

/** Decides what a refresh of `before` means for the session that is `current` now that it is over. */
export function decide(before: SessionRecord, current: SessionRecord | undefined, outcome: Outcome): Decision {
  if (current?.id !== before.id) {
    const unwanted = 'tokens' in outcome ? outcome.tokens : undefined
    return current ? { unwanted } : { unwanted, error: new OAuthError('signed_out') }
  }
  if ('tokens' in outcome) return { record: renew(current, outcome.tokens) }
  const { error } = outcome
  if (error.code === 'login_required') return { record: null, error }
  // Only this says that the refresh token is dead (RFC 6749 section 5.2); all else passes, or is the operator's to mend.
  if (error.error === 'invalid_grant') {
    return { record: null, error: new OAuthError('login_required', { ...error, hint: undefined }) }
  }
  return { record: { ...current, session: { ...current.session, stale: true } }, error }
}

/** The record with its tokens replaced; the old refresh token and scope stay if the answer brought none (RFC 6749 section 6). */
function renew(record: SessionRecord, tokens: TokenSet): SessionRecord {
  const { access_token, refresh_token = record.refresh_token, expires_at, scope = record.session.scope } = tokens
  const { stale: _, ...session } = record.session
  return { ...record, turn: record.turn + 1, access_token, refresh_token, session: { ...session, scope, expires_at } }
}
