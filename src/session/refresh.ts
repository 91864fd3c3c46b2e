import { OAuthError } from '../protocol/errors.ts'
import { type ExchangeOptions, exchange } from '../protocol/exchange.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { Provider } from '../provider/provider.ts'
import { decide, isLive, type Outcome } from './decide.ts'
import type { Lock } from './lock.ts'
import type { SessionRecord } from './record.ts'

/** What a refresh needs of its session. */
export interface RefreshContext extends ExchangeOptions {
  readonly key: string
  readonly provider: Provider
  readonly client_id: string
  readonly lock: Lock
  /** The session as the storage has it now, shown to the app. */
  reload(): Promise<SessionRecord | undefined>
  /** Stores a record, or removes it for `null`, and shows it to the app and the other tabs. */
  write(record: SessionRecord | null): Promise<void>
  revoke(tokens: TokenSet): unknown
}

/** Asks for new tokens; a session without a refresh token is over (RFC 6749 section 6). */
async function attempt(context: RefreshContext, { refresh_token }: SessionRecord): Promise<Outcome> {
  const { provider, client_id } = context
  try {
    if (!refresh_token) throw new OAuthError('login_required')
    return { tokens: await exchange(provider, { grant_type: 'refresh_token', refresh_token, client_id }, context) }
  } catch (error) {
    return { error: error as OAuthError }
  }
}

async function renew(context: RefreshContext, used: string): Promise<SessionRecord> {
  const before = await context.reload()
  if (!before) throw new OAuthError('signed_out')
  // Another tab was faster: its token is as good as one of our own.
  if (before.access_token !== used && isLive(before, context.now())) return before
  const outcome = await attempt(context, before)
  const current = await context.reload()
  const { record, error, unwanted } = decide(before, current, outcome)
  if (record !== undefined) await context.write(record)
  if (unwanted) context.revoke(unwanted)
  if (error) throw error
  return record ?? (current as SessionRecord)
}

/** Makes the refresh of one client: one at a time in this tab and, by the lock, in all tabs; `used` is the token to replace. */
export function createRefresh(context: RefreshContext): (used: string) => Promise<SessionRecord> {
  let running: Promise<SessionRecord> | undefined
  return (used) => {
    running ??= context
      .lock(context.key, () => renew(context, used))
      .finally(() => {
        running = undefined
      })
    return running
  }
}
