import type { AuthorizationTransaction } from '../protocol/authorization.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Lock } from '../session/lock.ts'
import type { Storage } from '../session/storage.ts'

/** A sign-in under way, kept under its state for all tabs of the origin; never a token. */
export interface Transaction extends AuthorizationTransaction {
  /** The client that started it: issuer, client_id and name. */
  readonly client: string
  readonly return_to: string
  /** Milliseconds since the epoch. */
  readonly expires_at: number
  /** Its state was used; what is left tells a second use for what it is. */
  readonly spent?: true
}

/** Milliseconds in which the person has to come back. */
export const LIFETIME = 600_000

const PREFIX = 'forgepass.tx.'
/** Where a failed callback is noted; no state is as short. */
const FAILED = `${PREFIX}!`
/** Sign-ins that may be under way at once. */
const MOST = 10

/** The sign-ins under way of an origin. */
export interface Transactions {
  /** Stores one and sweeps old ones. */
  save(transaction: Transaction): Promise<void>
  /** What is stored under a state: at once where the storage answers at once, else `undefined`. */
  peek(state: string | undefined): Transaction | undefined
  /** Takes the transaction of a state, once, and holds its lock until `task` is done with it. */
  take<T>(state: string, task: (found: Transaction | undefined) => Promise<T>): Promise<T>
  discard(state: string): Promise<void>
  /** Notes that a callback has failed. */
  fail(client: string): Promise<void>
  /** Whether a callback of this client failed in the last 10 s. */
  hasFailed(client: string): Promise<boolean>
}

const read = (value: unknown) => {
  const record = value as Transaction | null | undefined
  return typeof record?.client === 'string' && URL.canParse(record.redirect_uri) ? record : undefined
}

/** Makes the store of transactions: at most 10, 10 minutes each, taken once. All but `peek` may throw `storage_unavailable`. */
export function createTransactions(storage: Storage, { lock, now }: { lock: Lock; now: () => number }): Transactions {
  const guard = <T>(task: () => Promise<T>): Promise<T> =>
    task().catch(() => {
      throw new OAuthError('storage_unavailable', { hint: 'Allow this site to store data, then sign in again.' })
    })
  const sweep = async () => {
    const names = [...(await storage.keys())].filter((name) => name.startsWith(PREFIX))
    const find = async (name: string) => ({ name, end: ((await storage.get(name)) as Transaction)?.expires_at ?? 0 })
    const entries = (await Promise.all(names.map(find))).sort((one, other) => other.end - one.end)
    // What has expired stays as long again, so that coming back late is told from never having left.
    const old = entries.filter(({ end }, index) => index >= MOST - 1 || end + LIFETIME < now())
    for (const { name } of old) await storage.delete(name)
  }
  return {
    save: (transaction) =>
      guard(async () => {
        await sweep()
        await storage.set(PREFIX + transaction.state, transaction)
      }),
    peek(state) {
      try {
        return read(storage.get(PREFIX + state))
      } catch {}
    },
    take: (state, task) =>
      lock(PREFIX + state, async () => {
        const found = await guard(async () => {
          const record = read(await storage.get(PREFIX + state))
          if (record) await storage.set(PREFIX + state, { ...record, spent: true, code_verifier: '' })
          return record
        })
        return task(found)
      }),
    discard: (state) => guard(async () => storage.delete(PREFIX + state) as undefined),
    fail: (client) => guard(async () => storage.set(FAILED, { client, expires_at: now() }) as undefined),
    hasFailed: (client) =>
      guard(async () => {
        const last = (await storage.get(FAILED)) as Transaction | null
        return last?.client === client && now() - last.expires_at < 10_000
      }),
  }
}
