import { fail } from '../protocol/errors.ts'
import type { ExchangeOptions } from '../protocol/exchange.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { Account, Provider } from '../provider/provider.ts'
import { isLive } from './decide.ts'
import type { Lock } from './lock.ts'
import { readRecord, type Session, type SessionRecord } from './record.ts'
import { refresh } from './refresh.ts'
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
  load(): Promise<SessionRecord | undefined>
  /** Begins a new session in place of any other; throws `storage_unavailable`. */
  start(tokens: TokenSet): Promise<SessionRecord>
  /** Adds the account to the session it was read for, if that is still the one. */
  identify(record: SessionRecord, account: Account): Promise<void>
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
  const { key } = context
  // A server must not share sessions between the people it renders for.
  let storage: Storage = context.storage ?? (globalThis.document ? memory : new Map())
  const listeners = new Set<() => void>()
  let known: SessionRecord | undefined
  let snapshot: Session | null | undefined
  let loading: Promise<unknown> | undefined
  let renewing: Promise<SessionRecord> | undefined
  let tell: ReturnType<typeof openTabs> | undefined

  const show = (record?: SessionRecord) => {
    known = record
    snapshot = record?.session ?? null
    // A listener that throws is reported by the platform and stops no other.
    for (const listener of listeners) queueMicrotask(listener)
  }
  const reload = async () => {
    try {
      show(readRecord(await storage.get(key), key))
    } catch {}
    return known
  }
  const write = async (record?: SessionRecord, message: TabMessage = 'changed') => {
    try {
      await (record ? storage.set(key, record) : storage.delete(key))
    } catch {
      // What cannot be stored goes on in this tab's memory: its tokens may be the only good ones.
      storage = new Map([[key, record]])
    }
    show(record)
    tell?.(message)
  }
  const load = async () => {
    tell ??= openTabs(key, (message) => {
      // What another tab ended is still in this tab's own memory.
      if (message === 'logout' && !context.storage) storage.delete(key)
      return reload()
    })
    loading ??= reload()
    await loading
    return known
  }
  const locked = <T>(task: () => Promise<T>) => context.lock(key, task)
  const forget = (tokens: TokenSet) => revoke(tokens, context)

  return {
    get snapshot() {
      return snapshot
    },
    load,
    async start({ access_token, refresh_token, scope, expires_at }) {
      await load()
      const id = crypto.randomUUID()
      const record: SessionRecord = {
        version: 1,
        client: key,
        id,
        access_token,
        refresh_token,
        session: { scope, expires_at },
      }
      await locked(() => write(record))
      return record
    },
    identify: ({ id }, account) =>
      locked(async () => {
        const record = await reload()
        if (record?.id === id) await write({ ...record, session: { ...record.session, account } })
      }),
    async live(refused) {
      const record = known ?? (await load()) ?? fail('signed_out', 'Sign in first.')
      const { access_token } = record
      if (access_token !== refused && isLive(record, context.now())) return record
      renewing ??= locked(() => refresh({ ...context, reload, write, revoke: forget }, access_token)).finally(
        () => {
          renewing = undefined
        },
      )
      return renewing
    },
    async end() {
      const record = known ?? (await load())
      if (!record) return false
      show()
      await write(undefined, 'logout')
      // A refresh that was under way may store its answer now.
      void locked(async () => {
        const late = await reload()
        if (late?.id !== record.id) return
        await write()
        await forget(late)
      })
      return forget(record)
    },
    subscribe(listener) {
      void load()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
