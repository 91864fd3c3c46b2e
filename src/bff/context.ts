import type { ExchangeOptions } from '../protocol/exchange.ts'
import { createCookieScope } from './cookies.ts'
import type { BffOptions, BffProviderOptions } from './options.ts'
import { createSeal } from './seal.ts'
import { type Authenticate, createAuthenticate } from './secret.ts'
import { type BffSession, createSessionStore, type SessionOwner, type SessionStore } from './session-store.ts'
import { createTransactions, type Transactions } from './transactions.ts'

/** One forge as the routes see it. */
export interface Forge extends Omit<BffProviderOptions, 'client_secret'>, SessionOwner {
  readonly redirect_uri: string
  readonly authenticate: Authenticate
}

/** What the routes work with: every option with its default, and what the BFF keeps. */
export interface BffContext extends ExchangeOptions {
  readonly publicOrigin: string
  /** The address of its routes, without a slash at its end. */
  readonly base: string
  readonly crossSiteLogin: boolean
  readonly tokens: 'server' | 'browser'
  readonly forges: ReadonlyMap<string, Forge>
  readonly sessions: SessionStore
  readonly transactions: Transactions
  /** Accounts being asked for, by session. */
  readonly identifying: Map<string, Promise<BffSession>>
  /** Refreshes under way, by session and the token to be replaced. */
  readonly refreshing: Map<string, Promise<BffSession | undefined>>
}

function toForge(
  name: string,
  { base, options, ...seams }: Pick<BffContext, 'base' | 'timeout' | 'now'> & { options: BffProviderOptions },
): Forge {
  const { client_secret, ...rest } = options
  const { provider, client_id } = options
  const authenticate = createAuthenticate(client_secret, { name, ...seams })
  const server = `${provider.token_endpoint} ${client_id}`
  return { ...rest, name, server, redirect_uri: `${base}/callback/${name}`, authenticate }
}

/** Puts every default in its place. */
export function createContext(options: BffOptions): BffContext {
  const {
    publicOrigin,
    basePath = '/auth',
    providers,
    cookieSecret,
    login,
    timeout = 20_000,
    tokens = 'server',
  } = options
  const { now = Date.now, fetch: given } = options
  const base = publicOrigin + basePath
  const scope = createCookieScope(new URL(base))
  const common = { now, seal: createSeal([cookieSecret].flat(), { now }) }
  const forges = Object.entries(providers).map(
    ([name, provider]) => [name, toForge(name, { base, timeout, now, options: provider })] as const,
  )
  return {
    publicOrigin,
    base,
    timeout,
    now,
    // Asynchronous, so that one that throws at once rejects too.
    fetch: async (...request) => (given ?? fetch)(...request),
    crossSiteLogin: login?.crossSite ?? false,
    tokens,
    forges: new Map(forges),
    sessions: createSessionStore(scope, common),
    transactions: createTransactions(scope, common),
    identifying: new Map(),
    refreshing: new Map(),
  }
}
