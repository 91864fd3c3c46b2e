import { fail } from '../protocol/errors.ts'
import type { ExchangeOptions } from '../protocol/exchange.ts'
import { createCookieScope } from './cookies.ts'
import type { BffOptions, BffProviderOptions } from './options.ts'
import { createSeal } from './seal.ts'
import { type BffSession, createSessionStore, type SessionStore } from './session-store.ts'
import { createTransactions, type Transactions } from './transactions.ts'

/** One forge as the routes see it. */
export interface Forge extends Omit<BffProviderOptions, 'client_secret'> {
  /** The name that stands in the addresses. */
  readonly name: string
  readonly redirect_uri: string
  /** What proves the client; throws `server_error` without a word of why, which may hold the secret. */
  readonly authenticate: () => Promise<{ client_secret: string }>
}

/** What the routes work with: every option with its default, and what the BFF keeps. */
export interface BffContext extends ExchangeOptions {
  readonly publicOrigin: string
  /** The address of its routes, without a slash at its end. */
  readonly base: string
  readonly crossSiteLogin: boolean
  readonly forges: ReadonlyMap<string, Forge>
  readonly sessions: SessionStore
  readonly transactions: Transactions
  /** Refreshes under way, by session and the token to be replaced. */
  readonly refreshing: Map<string, Promise<BffSession | undefined>>
}

function toForge(name: string, { base, options }: { base: string; options: BffProviderOptions }): Forge {
  const { client_secret, ...rest } = options
  const authenticate = async () => {
    try {
      const secret = typeof client_secret === 'function' ? await client_secret() : client_secret
      if (secret) return { client_secret: secret }
    } catch {}
    return fail('server_error', `The client_secret of "${name}" could not be read.`)
  }
  return { ...rest, name, redirect_uri: `${base}/callback/${name}`, authenticate }
}

/** Puts every default in its place. */
export function createContext(options: BffOptions): BffContext {
  const { publicOrigin, basePath = '/auth', providers, cookieSecret, login, timeout = 20_000 } = options
  const { now = Date.now, fetch: given } = options
  const base = publicOrigin + basePath
  const scope = createCookieScope(new URL(publicOrigin))
  const common = { now, seal: createSeal([cookieSecret].flat(), { now }) }
  const forges = Object.entries(providers).map(
    ([name, provider]) => [name, toForge(name, { base, options: provider })] as const,
  )
  return {
    publicOrigin,
    base,
    timeout,
    now,
    // Asynchronous, so that one that throws at once rejects too.
    fetch: async (...request) => (given ?? fetch)(...request),
    crossSiteLogin: login?.crossSite ?? false,
    forges: new Map(forges),
    sessions: createSessionStore(scope, common),
    transactions: createTransactions(scope, common),
    refreshing: new Map(),
  }
}
