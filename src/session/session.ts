import { OAuthError } from '../protocol/errors.ts'
import type { ExchangeOptions } from '../protocol/exchange.ts'
import { revoke } from '../protocol/revocation.ts'
import { isLive, type TokenSet } from '../protocol/token.ts'
import type { Account, Provider } from '../provider/provider.ts'
import { type Occasion, renewalOf } from './decide.ts'
import type { Lock } from './lock.ts'
import type { SessionRecord } from './record.ts'
import { refresh } from './refresh.ts'
import type { RecordStore } from './store.ts'
import { onWake } from './wake.ts'

/** What a session is made of. */
export interface SessionContext extends ExchangeOptions {
  /** Issuer, client_id and name: what tells this session from all others of the origin. */
  readonly key: string
  readonly provider: Provider
  readonly client_id: string
  readonly lock: Lock
  readonly store: RecordStore
}

/** What can happen to the session of one client, one thing at a time. */
export interface SessionChanges {
  /** Begins a new session in place of any other. */
  start(tokens: TokenSet & { readonly account?: Account | undefined }): Promise<SessionRecord>
  /** Adds the account to the session it was read for, if that is still the one. */
  identify(record: SessionRecord, account: Account): Promise<void>
  /** A record whose access token can be used now; refreshed if it must be. `refused` is a token that the API turned down. */
  live(refused?: string): Promise<SessionRecord>
  /** Ends the session here, then in the other tabs, then at the server; tells whether the server confirmed it. */
  end(): Promise<boolean>
}

/** Makes the changes of one client's session, all under one lock. */
export function createSession(context: SessionContext): SessionChanges {
  const { key, store } = context
  const locked = <T>(task: () => Promise<T>) => context.lock(key, task)
  const forget = (tokens: TokenSet) => revoke(tokens, context)
  /** Why the session ended, also where nobody waited for it: who comes later hears it too. */
  let ended: OAuthError | undefined
  const tell = (error: OAuthError): never => {
    if (error.code === 'login_required') ended = error
    throw (error.code === 'signed_out' && ended) || error
  }
  const renew = (occasion: Occasion, refused?: string) =>
    locked(() => refresh(context, { occasion, refused }).catch(tell))
  let renewing: Promise<SessionRecord> | undefined
  let ending: Promise<boolean> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let isAwake: true | undefined

  /** Renews before anybody waits for it; what fails here fails again for whoever needs it. */
  const renewEarly = (occasion: 'ahead' | 'wake') => {
    const { renew_at = Infinity } = store.known ?? {}
    if (context.now() >= renew_at) renew(occasion).catch(() => {})
  }
  /** Watches over the session, while somebody looks at this page. */
  const watch = () => {
    if (!globalThis.document) return
    if (!isAwake) onWake(() => store.reload().then(() => renewEarly('wake')))
    isAwake = true
    clearTimeout(timer)
    const { renew_at } = store.known ?? {}
    if (!renew_at) return
    // In steps that no timer is too long for, and that a sleep does not put off.
    const wait = Math.min(Math.max(renew_at - context.now(), 1000), 600_000)
    timer = setTimeout(() => {
      watch()
      if (document.visibilityState === 'visible') renewEarly('ahead')
    }, wait)
  }
  store.subscribe(watch)

  const end = async () => {
    ended = undefined
    // Another tab may have refreshed a moment ago: its tokens are the ones to revoke.
    const record = await store.reload()
    // Also where nothing is left to end here: a tab whose storage failed may go on in its memory.
    await store.write(undefined, 'logout')
    await store.noteAttempt()
    if (!record) return false
    // A refresh that was under way may store its answer now.
    void locked(async () => {
      const late = await store.reload()
      if (late?.id !== record.id) return
      await store.write()
      await store.noteAttempt()
      await forget(late)
    })
    return forget(record)
  }

  return {
    async start({ access_token, refresh_token, scope, expires_at, account, claims }) {
      await store.load()
      const id = crypto.randomUUID()
      const session = { scope, expires_at, ...(account && { account }), ...(claims && { claims }) }
      const renew_at = renewalOf({ expires_at }, context.now())
      const tokens = { access_token, refresh_token, renew_at }
      const record = { version: 1, client: key, id, ...tokens, session } as const
      await locked(() => store.write(record))
      return record
    },
    identify: ({ id }, account) =>
      locked(async () => {
        const record = await store.reload()
        if (record?.id === id) await store.write({ ...record, session: { ...record.session, account } })
      }),
    async live(refused) {
      const record = store.known ?? (await store.load())
      if (!record) throw ended ?? new OAuthError('signed_out', { hint: 'Sign in first.' })
      ended = undefined
      const { access_token } = record
      if (access_token !== refused && isLive(record.session, context.now())) return record
      renewing ??= renew('call', refused).finally(() => {
        renewing = undefined
      })
      return renewing
    },
    end() {
      ending ??= end().finally(() => {
        ending = undefined
      })
      return ending
    },
  }
}
