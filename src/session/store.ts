import { type Attempt, readAttempt, readRecord, type Session, type SessionRecord } from './record.ts'
import type { Storage } from './storage.ts'
import { openTabs, type TabMessage } from './tabs.ts'

/** Hears of every change of the session, and with a word of what else there is to know. */
export type Listener = (event?: 'maybe_closed') => void

/** One session's record: in memory for speed, in storage to last, and in step with the other tabs. */
export interface RecordStore {
  /** `null`: signed out; `undefined`: not looked yet. The same object until something in it changes. */
  readonly snapshot: Session | null | undefined
  /** What the storage held when it was last read or written. */
  readonly known: SessionRecord | undefined
  /** What is known, else what the storage holds. */
  load(): Promise<SessionRecord | undefined>
  /** Reads the storage again. */
  reload(): Promise<SessionRecord | undefined>
  /** Stores a record, or removes it, and tells the app and the other tabs. */
  write(record?: SessionRecord, message?: TabMessage): Promise<void>
  /** The refresh of this record whose answer is not known, if there is one. */
  readAttempt(record: SessionRecord): Promise<Attempt | undefined>
  /** Notes that a refresh is being sent, or that nothing is open. */
  noteAttempt(attempt?: Attempt): Promise<void>
  /** Hears of changes; looks at nothing by itself. */
  subscribe(listener: Listener): () => void
  /** Tells the app of something that changes nothing. */
  notify(event: 'maybe_closed'): void
}

/** Sessions of clients without a storage: one place for the page, so that two clients of one kind agree. */
const memory = new Map<string, unknown>()

/** Makes the store of the record under `key`; without a `given` storage it is this page's memory. */
export function createStore(key: string, given: Storage | undefined): RecordStore {
  // A server must not share sessions between the people it renders for.
  let storage: Storage = given ?? (globalThis.document ? memory : new Map())
  const attempts = `${key} refresh`
  const listeners = new Set<Listener>()
  let known: SessionRecord | undefined
  let snapshot: Session | null | undefined
  let tell: ReturnType<typeof openTabs> | undefined

  const notify = (event?: 'maybe_closed') => {
    // A listener that throws is reported by the platform and stops no other.
    for (const listener of listeners) queueMicrotask(() => listener(event))
  }
  const show = (record?: SessionRecord) => {
    const session = record?.session ?? null
    // The same to the eye stays the same object, or what depends on it would run in circles.
    const changed = JSON.stringify(session) !== JSON.stringify(snapshot)
    if (changed) snapshot = session
    known = record && { ...record, session: snapshot as Session }
    if (!changed) return
    notify()
  }
  const reload = async () => {
    try {
      show(readRecord(await storage.get(key), key))
    } catch {}
    return known
  }
  const load = async () => {
    try {
      tell ??= openTabs(key, (message) => {
        // What another tab ended is still in what is this tab's own.
        if (message === 'logout' && (storage !== given || given.perTab)) storage.delete(key)
        return reload()
      })
    } catch {
      // Some frames may not have a channel; they have no tabs to agree with either.
    }
    return known ?? reload()
  }
  /** Leaves the storage for this tab's memory, and takes from it what no longer holds. */
  const retreat = async (record?: SessionRecord) => {
    const left = storage
    storage = new Map([[key, record]])
    try {
      await left.delete(key)
    } catch {}
  }
  return {
    get snapshot() {
      return snapshot
    },
    get known() {
      return known
    },
    load,
    reload,
    async write(record, message = 'changed') {
      // An ended session is out of use before anything waits; a new one is in use only once it is kept.
      if (!record) show()
      try {
        await (record ? storage.set(key, record) : storage.delete(key))
      } catch {
        // New tokens that cannot be stored go on in this tab's memory: they may be the only good ones.
        if (!record || record.access_token !== known?.access_token) await retreat(record)
      }
      show(record)
      tell?.(message)
    },
    async readAttempt(record) {
      try {
        return readAttempt(await storage.get(attempts), record)
      } catch {}
    },
    async noteAttempt(attempt) {
      try {
        await (attempt ? storage.set(attempts, attempt) : storage.delete(attempts))
      } catch {}
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    notify,
  }
}
