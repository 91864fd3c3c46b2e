import { fail, OAuthError } from '../protocol/errors.ts'
import { type ExchangeOptions, exchange } from '../protocol/exchange.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { Provider } from '../provider/provider.ts'
import { decide, isLive } from './decide.ts'
import type { SessionRecord } from './record.ts'

/** What a refresh needs of its session. */
export interface RefreshContext extends ExchangeOptions {
  readonly provider: Provider
  readonly client_id: string
  /** The session as the storage has it now, shown to the app. */
  reload(): Promise<SessionRecord | undefined>
  /** Stores a record, or removes it, and shows that to the app and the other tabs. */
  write(record: SessionRecord | undefined): Promise<void>
  revoke(tokens: TokenSet): unknown
}

/** Renews the session, in which `used` is the token to replace; to be called under its lock (RFC 6749 section 6). */
export async function refresh(context: RefreshContext, used: string): Promise<SessionRecord> {
  const { provider, client_id, reload } = context
  const before = (await reload()) ?? fail('signed_out', 'Sign in first.')
  // Another tab was faster: its token is as good as one of our own.
  if (before.access_token !== used && isLive(before, context.now())) return before
  const { refresh_token } = before
  const outcome = refresh_token
    ? await exchange(provider, { grant_type: 'refresh_token', refresh_token, client_id }, context).catch(
        (error) => error,
      )
    : new OAuthError('login_required', { error: 'invalid_grant' })
  const { record, error, unwanted } = decide(before, await reload(), outcome)
  await context.write(record)
  if (unwanted) context.revoke(unwanted)
  if (error) throw error
  return record as SessionRecord
}
