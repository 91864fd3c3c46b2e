import type { AuthorizationTransaction } from '../protocol/authorization.ts'
import { type CookieScope, listCookies, readCookie, writeCookie } from './cookies.ts'
import type { Seal } from './seal.ts'
import type { BffSession } from './session-store.ts'
import { createTaken, type Taken } from './taken.ts'

/** A sign-in under way, kept in a sealed cookie of its own; never a token. */
export interface BffTransaction extends AuthorizationTransaction {
  /** A path of the application. */
  readonly return_to: string
  /** It names no address to come back to: the person copies the code. */
  readonly manual?: boolean
  /** The nonce of the window that waits for a popup. */
  readonly relay?: string
  /** The session that ends when this sign-in succeeds. */
  readonly replaces?: Pick<BffSession, 'id' | 'ends_at'>
  /** Milliseconds since the epoch. */
  readonly expires_at: number
}

/** The sign-ins under way of a request's browser. */
export interface Transactions extends Taken {
  /** The Set-Cookie values that keep one, and let go of the oldest of too many. */
  keep(request: Request, provider: string, transaction: BffTransaction): Promise<string[]>
  /** The transaction that a state belongs to in this browser. */
  find(request: Request, provider: string, state: string): Promise<BffTransaction | undefined>
  /** The latest one at a forge, for a response that names no state. */
  findLatest(request: Request, provider: string): Promise<BffTransaction | undefined>
  /** The latest one at a forge whose code is copied by hand. */
  findManual(request: Request, provider: string): Promise<BffTransaction | undefined>
  /** The Set-Cookie value that removes one. */
  remove(provider: string, state: string): string
}

/** Milliseconds in which the person has to come back. */
export const LIFETIME = 600_000

/** As many sign-ins as one browser may have under way: servers refuse long headers. */
const MOST = 5

/** Makes the transactions of a BFF: the state in the address must match a cookie of this browser (RFC 9700 section 4.7.1). */
export function createTransactions(
  scope: CookieScope,
  { seal, now }: { seal: Seal; now: () => number },
): Transactions {
  const prefixOf = (provider?: string) => `${scope.prefix}.login.${provider ? `${provider}.` : ''}`
  // Enough of the state to tell sign-ins apart; all of it is inside.
  const nameOf = (provider: string, state: string) => prefixOf(provider) + state.slice(0, 16)
  const write = (name: string, { value, maxAge }: { value: string; maxAge: number }) =>
    writeCookie(scope, { name, value, maxAge, sameSite: 'Lax' })
  const open = async (name: string, value: string) =>
    (await seal.open(name, value))?.transaction as BffTransaction | undefined
  const list = (request: Request, provider?: string) =>
    listCookies(request).filter(([name]) => name.startsWith(prefixOf(provider)))
  // What is there twice may be planted.
  const listSafe = (request: Request, provider: string) =>
    list(request, provider).filter(([name, value]) => readCookie(request, name) === value)
  return {
    ...createTaken({ now, longer: LIFETIME }),
    async keep(request, provider, transaction) {
      const name = nameOf(provider, transaction.state)
      // Twice as long as it is good for, so that coming back late is told from never having left.
      const until = transaction.expires_at + LIFETIME
      const value = await seal.seal(name, { transaction }, until)
      const oldest = list(request).slice(0, 1 - MOST)
      const removed = oldest.map(([other]) => write(other, { value: '', maxAge: 0 }))
      return [...removed, write(name, { value, maxAge: Math.floor((until - now()) / 1000) })]
    },
    async find(request, provider, state) {
      if (!/^[\w-]{16,}$/.test(state)) return
      const name = nameOf(provider, state)
      const value = readCookie(request, name)
      const found = value ? await open(name, value) : undefined
      return found?.state === state ? found : undefined
    },
    async findLatest(request, provider) {
      const [name, value] = listSafe(request, provider).at(-1) ?? ['', '']
      return value ? open(name, value) : undefined
    },
    async findManual(request, provider) {
      const found = listSafe(request, provider).map(([name, value]) => open(name, value))
      return (await Promise.all(found)).findLast((one) => one?.manual)
    },
    remove: (provider, state) => write(nameOf(provider, state), { value: '', maxAge: 0 }),
  }
}
