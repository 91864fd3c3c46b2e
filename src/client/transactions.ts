import { pageOf } from '../protocol/address.ts'
import type { AuthorizationTransaction } from '../protocol/authorization.ts'
import { fail } from '../protocol/errors.ts'
import type { Lock } from '../session/lock.ts'
import type { Storage } from '../session/storage.ts'

/** A sign-in under way, kept under its state for all tabs of the origin; never a token. */
export interface Transaction extends AuthorizationTransaction {
  /** The client that started it: issuer, client_id and name. */
  readonly client: string
  readonly return_to: string
  /** Milliseconds since the epoch. */
  readonly expires_at: number
  /** A window waits for it to be relayed. */
  readonly relayed?: boolean
  /** Its state was used; what is left tells a second use for what it is. */
  readonly spent?: true
}

/** Milliseconds in which the person has to come back. */
export const LIFETIME = 600_000

const PREFIX = 'forgepass.tx.'
const FAILED = 'forgepass.failed'

/** The sign-ins under way of an origin. */
export interface Transactions {
  /** Stores one and sweeps old ones. */
  save(transaction: Transaction): Promise<void>
  /** What is stored under a state: at once where the storage answers at once, else `undefined`. */
  peek(state: string | null | undefined): Transaction | undefined
  /**
   * Takes this client's transaction of a state, once, and holds its lock until `task` is done with it.
   * Throws `redirect_uri_mismatch`, and leaves it, if `url` is not the page it is to come back to.
   */
  take<T>(state: string, url: URL, task: (found?: Transaction) => Promise<T>): Promise<T>
  discard(state: string): Promise<void>
  /** Notes that a callback has failed. */
  fail(): Promise<void>
  /** Whether a callback of this origin failed in the last 10 s. */
  hasFailed(): Promise<boolean>
}

/** What is stored under a state, if it is a transaction. */
const read = (value: unknown): Transaction | undefined => {
  const { client, redirect_uri, return_to, scope = '', nonce = '', issuer, ...more } = Object(value)
  const { code_verifier, token_endpoint } = more
  const texts = [client, redirect_uri, return_to, scope, nonce, issuer, code_verifier, token_endpoint]
  return texts.every((text) => typeof text === 'string') && pageOf(redirect_uri)
    ? (value as Transaction)
    : undefined
}

/** A stored moment; 0 for what is none. */
const numberOf = (value: unknown): number => (Number.isFinite(value) ? Number(value) : 0)

/** Makes the store of transactions for the client `key`: 10 for the origin, 10 minutes each, taken once. May throw `storage_unavailable`. */
export function createTransactions(
  storage: Storage,
  { key, lock, now }: { key: string; lock: Lock; now: () => number },
): Transactions {
  const guard = <T>(task: Promise<T>) =>
    task.catch(() => fail('storage_unavailable', 'Allow this site to store data, then sign in again.'))
  const find = async (state: string) => read(await storage.get(PREFIX + state))
  const put = async (state: string, transaction: Transaction) => storage.set(PREFIX + state, transaction)
  const save = async (transaction: Transaction) => {
    const names = [...(await storage.keys())].filter((name) => name.startsWith(PREFIX))
    const ends = await Promise.all(
      names.map(async (name) => [numberOf(Object(await storage.get(name)).expires_at), name] as const),
    )
    // What has expired stays as long again, so that coming back late is told from never having left.
    const old = ends
      .sort(([one], [other]) => other - one)
      .filter(([end], index) => index > 8 || end + LIFETIME < now())
    for (const [, name] of old) await storage.delete(name)
    await put(transaction.state, transaction)
  }
  return {
    save: (transaction) => guard(save(transaction)),
    peek(state) {
      try {
        return read(storage.get(PREFIX + state))
      } catch {}
    },
    take: (state, url, task) =>
      lock(PREFIX + state, async () => {
        const found = await guard(find(state))
        if (found?.client !== key) return task()
        if (pageOf(url) !== pageOf(found.redirect_uri)) fail('redirect_uri_mismatch')
        // Under the state it was asked for, whatever the record says of itself.
        await guard(put(state, { ...found, spent: true, code_verifier: '', nonce: '' }))
        return task(found)
      }),
    async discard(state) {
      try {
        await storage.delete(PREFIX + state)
      } catch {}
    },
    async fail() {
      try {
        await storage.set(FAILED, now())
      } catch {}
    },
    hasFailed: () =>
      guard(Promise.resolve(storage.get(FAILED)).then((at) => Math.abs(now() - numberOf(at)) < 10_000)),
  }
}
