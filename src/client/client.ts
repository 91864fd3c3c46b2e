import { redirect } from '../flow/redirect.ts'
import { readAccount } from '../protocol/account.ts'
import type { Grants } from '../provider/provider.ts'
import { webLock } from '../session/lock.ts'
import type { Session, SessionRecord } from '../session/record.ts'
import { createSession } from '../session/session.ts'
import { createStore, type Listener } from '../session/store.ts'
import { absoluteRedirectUri } from './address.ts'
import { pendingCallback, receiveCallback } from './callback.ts'
import { startLogin } from './login.ts'
import {
  assertOptions,
  type ClientContext,
  type ClientOptions,
  type LoginOptions,
  type PublicGrants,
} from './options.ts'
import { registerProvider } from './registry.ts'
import { fetchResource } from './resource.ts'
import { transactionStorage } from './storage.ts'
import { createTransactions } from './transactions.ts'

/** What a button or a binding needs of any client. */
export interface LoginClient<L = LoginOptions> {
  /** Signs the person in; resolves only if the flow comes back to this page. */
  login(...options: object extends L ? [options?: L] : [options: L]): Promise<Session>
  /** Ends the session here, in the other tabs, and at the forge; `revoked` tells whether the forge confirmed it. */
  logout(): Promise<{ revoked: boolean }>
  /** The session, or `null`; asks no server. */
  session(): Promise<Session | null>
  /** The session as known now; `undefined` before the first look. The same object until something changes. */
  readonly snapshot: Session | null | undefined
  /** Hears of every change, from other tabs too, and `maybe_closed` of a popup; returns the way to stop. */
  subscribe(listener: Listener): () => void
}

/** A client that holds its tokens in the browser. */
export interface Client<L = LoginOptions> extends LoginClient<L> {
  /** Finishes the sign-in if this page load ends one, else `undefined`; scrubs the address and shows `return_to`. */
  callback(url?: string | URL): Promise<{ session: Session; return_to: string } | undefined>
  /** An access token that is good now; refreshed if it must be. */
  accessToken(): Promise<string>
  /**
   * Whether the provider renews this client's tokens, or revokes them at logout, told from its data alone: `refresh` of those won
   * by a code, `revoke` of all but personal access tokens.
   */
  can(what: 'refresh' | 'revoke'): boolean
  /** `fetch` with the access token, for addresses of the provider's API only; relative ones join its `api_base`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
}

/** The options of any client, by whatever grant. */
type AnyOptions = ClientOptions<Grants, string, keyof Grants, never>

function createContext(options: AnyOptions): ClientContext {
  const {
    client_id = '',
    redirect_uri = '',
    name = '',
    flow = redirect(),
    now = Date.now,
    lock = webLock,
  } = options
  const provider = { ...options.provider, ...options.grant?.provider?.(options.provider) }
  const {
    timeout: limit = 20_000,
    transactions = transactionStorage(options.storage),
    fetch: given,
  } = options
  const { navigate = (page) => globalThis.history?.replaceState(history.state, '', page) } = options
  // Asynchronous, so that one that throws at once rejects too.
  const send: typeof fetch = async (...request) => (given ?? fetch)(...request)
  const key = `forgepass ${provider.issuer} ${encodeURIComponent(client_id)} ${name}`
  const store = createStore(key, options.storage)
  // No lock is held for longer than others wait for it.
  const timeout = Math.min(limit, 30_000)
  const common = {
    ...options,
    provider,
    client_id,
    redirect_uri,
    key,
    flow,
    now,
    lock,
    timeout,
    navigate,
    fetch: send,
    store,
  }
  return { ...common, session: createSession(common), transactions: createTransactions(transactions, common) }
}

/**
 * Makes a client for one application at one forge; touches no global, so it is safe on a server. Throws {@link OAuthError}.
 * @example const client = createClient({ provider: gitlab(), client_id: 'APP', redirect_uri: '/callback' })
 */
export function createClient<
  const G extends Grants,
  S extends string,
  N extends keyof Grants = 'code',
  L = LoginOptions,
>(options: ClientOptions<G, S, N, L> & PublicGrants<G, N>): Client<[L] extends [never] ? LoginOptions : L> {
  assertOptions(options)
  const context = createContext(options)
  const { key, session, store, grant, provider } = context
  if (!grant?.win) registerProvider(provider, context.redirect_uri)

  const identify = async (record: SessionRecord) => {
    const account =
      !record.session.account &&
      (await readAccount(provider, { ...record, fetch: context.fetch, claims: record.session.claims }))
    if (account) await session.identify(record, account)
  }
  let asked: string | undefined
  /** Asks for the account, once for each token; nobody waits for it. */
  const open = async (record: SessionRecord): Promise<Session> => {
    // Another client of this kind may have finished the sign-in: this one listens from now on, too.
    await store.load()
    if (asked !== record.access_token) {
      asked = record.access_token
      identify(record).catch(() => {
        asked = undefined
      })
    }
    return record.session
  }
  const win = async (login: unknown = {}) =>
    grant?.win
      ? session.start(await grant.win(context, login as never))
      : (await startLogin(context, login as LoginOptions)).record
  /** What is known, once a sign-in that is being finished is through. */
  const settle = async () => {
    await pendingCallback(key)?.catch(() => {})
    return store.load()
  }

  return {
    get snapshot() {
      return store.snapshot
    },
    can: (what) =>
      what === 'refresh' ? !grant && provider.grants.refresh === 'public' : !!provider.revocation_endpoint,
    login: async (login?: unknown) => open(await win(login)),
    async callback(href = globalThis.location?.href) {
      if (!href) return
      const url = new URL(href)
      const done = await receiveCallback(context, url, absoluteRedirectUri(context.redirect_uri))
      if (!done) return
      return { session: await open(done.record), return_to: done.return_to }
    },
    async session() {
      const record = await settle()
      return record ? open(record) : null
    },
    async accessToken() {
      if (!store.snapshot) await settle()
      return (await session.live()).access_token
    },
    async fetch(input, init) {
      if (!store.snapshot) await settle()
      return fetchResource(context, input, init)
    },
    async logout() {
      await settle()
      return { revoked: await session.end() }
    },
    subscribe(listener) {
      void store.load()
      return store.subscribe(listener)
    },
  }
}
