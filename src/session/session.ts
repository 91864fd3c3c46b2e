import { OAuthError } from '../protocol/errors.ts'
import type { ExchangeOptions } from '../protocol/exchange.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { Account, Provider } from '../provider/provider.ts'
import { isLive } from './decide.ts'
import type { Lock } from './lock.ts'
import { readRecord, type Session, type SessionRecord } from './record.ts'
import { createRefresh } from './refresh.ts'
import { revoke } from './revoke.ts'
import type { Storage } from './storage.ts'
import { openTabs, type TabMessage } from './tabs.ts'

/** What a session is made of. */
export interface SessionContext extends ExchangeOptions {
  /** Issuer, client_id and name: what tells this session from all others of the origin. */
  readonly key: string
  readonly provider: Provider
  readonly client_id: string
  /** `undefined`: this tab's memory. */
  readonly storage: Storage | undefined
  readonly lock: Lock
}

/** The tokens of one client, and who may hear of them. */
export interface SessionStore {
  /** `null`: signed out; `undefined`: not looked yet. The same object until something in it changes. */
  readonly snapshot: Session | null | undefined
  /** Reads the storage once; later calls answer from memory. */
  load(): Promise<SessionRecord | null>
  /** Begins a new session in place of any other; throws `storage_unavailable`. */
  start(tokens: TokenSet): Promise<SessionRecord>
  /** Adds the account to the session it was read for, if that is still the one. */
  identify(id: string, account: Account): Promise<void>
  /** A record whose access token can be used now; refreshed if it must be. `refused` is a token that the API turned down. */
  live(refused?: string): Promise<SessionRecord>
  /** Ends the session here, then in the other tabs, then at the server; tells whether the server confirmed it. */
  end(): Promise<boolean>
  subscribe(listener: () => void): () => void
}

/** Sessions of clients without a storage: one place for the page, so that two clients of one kind agree. */
const memory = new Map<string, unknown>()

/** Makes the session of one client: in memory for speed, in storage for the other tabs, changed under one lock. */
export function createSession(context: SessionContext): SessionStore {
  const { key, lock } = context
  // A server must not share sessions between the people it renders for.
  const storage: Storage = context.storage ?? (globalThis.document ? memory : new Map())
  const listeners = new Set<() => void>()
  let known: SessionRecord | null | undefined
  let snapshot: Session | null | undefined
  let ended: string | undefined
  let loading: Promise<unknown> | undefined
  let tell: ReturnType<typeof openTabs> | undefined

  const show = (record: SessionRecord | null | undefined) => {
    known = record ?? null
    const session = known && known.session
    if (snapshot !== undefined && JSON.stringify(session) === JSON.stringify(snapshot)) return
    snapshot = session
    // A listener that throws is reported by the platform and stops no other.
    for (const listener of listeners) queueMicrotask(listener)
  }
  const reload = async () => {
    let record = known ?? undefined
    try {
      const stored = readRecord(await storage.get(key), key)
      // What could not be stored is newer than what is there.
      if (!stored || stored.id !== known?.id || stored.turn >= known.turn) record = stored
    } catch {}
    if (record?.id === ended) record = undefined
    show(record)
    return record
  }
  const write = async (record: SessionRecord | null, message: TabMessage = 'changed') => {
    try {
      await (record ? storage.set(key, record) : storage.delete(key))
    } catch {}
    show(record)
    tell?.(message)
  }
  const refresh = createRefresh({ ...context, reload, write, revoke: (tokens) => revoke(tokens, context) })
  const load = async () => {
    tell ??= openTabs(key, async (message) => {
      // What another tab ended is still in this tab's own memory.
      if (message === 'logout' && !context.storage) storage.delete(key)
      await reload()
    })
    loading ??= reload()
    await loading
    return known ?? null
  }

  return {
    get snapshot() {
      return snapshot
    },
    load,
    async start({ access_token, refresh_token, scope, expires_at }) {
      const session = { scope, expires_at }
      const id = crypto.randomUUID()
      const record: SessionRecord = { version: 1, client: key, id, turn: 0, access_token, refresh_token, session }
      await load()
      await lock(key, async () => {
        try {
          await storage.set(key, record)
        } catch {
          void revoke(record, context)
          throw new OAuthError('storage_unavailable', { hint: 'Allow this site to store data, then sign in again.' })
        }
        show(record)
        tell?.('changed')
      })
      return record
    },
    identify: (id, account) =>
      lock(key, async () => {
        const record = await reload()
        if (record?.id === id) await write({ ...record, session: { ...record.session, account } })
      }),
    async live(refused) {
      const record = known ?? (await load())
      if (!record) throw new OAuthError('signed_out')
      const usable = record.access_token !== refused && isLive(record, context.now())
      return usable ? record : refresh(record.access_token)
    },
    async end() {
      const record = known ?? (await load())
      if (!record) return false
      ended = record.id
      show(null)
      await write(null, 'logout')
      // A refresh that was under way in another tab may store its answer now.
      void lock(key, async () => {
        const late = readRecord(await storage.get(key), key)
        if (late?.id !== ended) return
        await write(null)
        if (late) await revoke(late, context)
      }).catch(() => {})
      return revoke(record, context)
    },
    subscribe(listener) {
      void load()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
