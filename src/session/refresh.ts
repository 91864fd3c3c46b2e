import { fail, OAuthError } from '../protocol/errors.ts'
import { type ExchangeOptions, endsSession, exchange } from '../protocol/exchange.ts'
import { revoke } from '../protocol/revocation.ts'
import { isLive } from '../protocol/token.ts'
import type { Provider } from '../provider/provider.ts'
import { decide } from './decide.ts'
import type { SessionRecord } from './record.ts'
import type { RecordStore } from './store.ts'

/** What a refresh needs of its session. */
export interface RefreshContext extends ExchangeOptions {
  readonly provider: Provider
  readonly client_id: string
  readonly store: RecordStore
}

/** Renews the session, in which `used` is the token to replace; to be called under its lock (RFC 6749 section 6). */
export async function refresh(context: RefreshContext, used: string): Promise<SessionRecord> {
  const { provider, client_id, store } = context
  const before = (await store.reload()) ?? fail('signed_out', 'Sign in first.')
  // Another tab was faster: its token is as good as one of our own.
  if (before.access_token !== used && isLive(before.session, context.now())) return before
  const { refresh_token } = before
  const outcome = refresh_token
    ? await exchange(provider, { grant_type: 'refresh_token', refresh_token, client_id }, context).catch(
        (error) =>
          endsSession(provider, error)
            ? new OAuthError('login_required', { ...error, hint: undefined })
            : error,
      )
    : new OAuthError('login_required')
  const { record, error, unwanted } = decide(before, await store.reload(), outcome)
  await store.write(record)
  if (unwanted) void revoke(unwanted, context)
  if (error) throw error
  return record as SessionRecord
}
