import type { Flow } from '../flow/flow.ts'
import type { Grant } from '../grant/grant.ts'
import { fail } from '../protocol/errors.ts'
import type { ExchangeOptions } from '../protocol/exchange.ts'
import type { ScopeDemands } from '../protocol/token.ts'
import type { Grants, Provider } from '../provider/provider.ts'
import type { Lock } from '../session/lock.ts'
import type { SessionChanges } from '../session/session.ts'
import type { Storage } from '../session/storage.ts'
import type { RecordStore } from '../session/store.ts'
import type { Transactions } from './transactions.ts'

/** What a sign-in may be told. */
export interface LoginOptions {
  /** Where to go on afterwards: a path of this origin. Default: the page this was called on. */
  readonly return_to?: string
  /** In place of the client's scope. */
  readonly scope?: string
  /** Further parameters of the authorization request, such as `prompt` or `login_hint`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Ends the sign-in. */
  readonly signal?: AbortSignal
}

/** What every client is made of, however its tokens are won. */
interface CommonOptions<G extends Grants, S extends string, N extends keyof Grants, L> extends ScopeDemands {
  readonly provider: Provider<G, S>
  /** How the tokens are won. Default: the authorization code. */
  readonly grant?: Grant<N, L>
  /**
   * Space-separated: scopes the forge is known to have, or any other text; `''` asks for none. Default: the least that tells who
   * signed in, where the provider names it.
   */
  readonly scope?: S | (string & {})
  /** Tells two accounts at one forge apart. Default: `''`. */
  readonly name?: string
  /** Where the session is kept. Default: memory, gone at reload. */
  readonly storage?: Storage
  /** Where sign-ins under way are kept, never a token. Default: localStorage; in an extension `storage`. */
  readonly transactions?: Storage
  /** How the person gets to the forge and back. Default: `redirect()`. */
  readonly flow?: Flow
  /** Shows the page the sign-in started from, once it is done. Default: `history.replaceState`. */
  readonly navigate?: (return_to: string) => void
  /** Further address prefixes, each ending in `/`, that `client.fetch` may send the token to. */
  readonly resources?: readonly string[]
  /** Refuses even a right `iss` from a server that does not advertise it (RFC 9207 section 2.4). */
  readonly strictIssuer?: boolean
  /** Milliseconds that one answer of the authorization server may take. Default: 20,000; at most 30,000. */
  readonly timeout?: number
  readonly fetch?: typeof fetch
  readonly now?: () => number
  readonly lock?: Lock
  /** A secret never belongs in a browser; the BFF keeps it. */
  readonly client_secret?: 'A client_secret never belongs in a browser: keep it in the BFF.'
}

/** How an application is known at the forge; other grants than the code need no application there. */
interface Registration {
  readonly client_id: string
  /** As registered at the forge, byte for byte; or a path of this origin. */
  readonly redirect_uri: string
}

/** What a client is made of. */
export type ClientOptions<
  G extends Grants = Grants,
  S extends string = string,
  N extends keyof Grants = 'code',
  L = LoginOptions,
> = CommonOptions<G, S, N, L> & (N extends 'code' | 'implicit' ? Registration : Partial<Registration>)

/** The options with every default in its place, and what the client is made of. */
export interface ClientContext
  extends Registration,
    Omit<
      CommonOptions<Grants, string, keyof Grants, never>,
      'fetch' | 'flow' | 'lock' | 'navigate' | 'now' | 'storage' | 'timeout' | 'transactions'
    >,
    ExchangeOptions {
  /** Issuer, client_id and name. */
  readonly key: string
  readonly flow: Flow
  readonly lock: Lock
  readonly navigate: (return_to: string) => void
  readonly session: SessionChanges
  readonly store: RecordStore
  readonly transactions: Transactions
}

/** A provider that demands a secret for the grant, or has no such grant, reads as a sentence that says so. */
export type PublicGrants<G extends Grants, N extends keyof Grants = 'code'> = N extends keyof G
  ? [G[N]] extends ['confidential']
    ? { readonly provider: 'This provider demands a client_secret: use createBff and createBffClient.' }
    : unknown
  : { readonly provider: 'This provider has no such grant.' }

/** Refuses options that no browser client may have. */
export function assertOptions({
  provider,
  grant,
  client_id,
  client_secret,
}: ClientOptions<Grants, string, keyof Grants, never>): void {
  const { grants, authorization_endpoint } = provider
  const type = grants[grant?.name ?? 'code']
  const hint = 'A client_secret never belongs in a browser: use the BFF.'
  if (client_secret) fail('client_secret_in_browser', hint)
  if (!(client_id || grant?.win) || !URL.canParse(authorization_endpoint))
    fail('invalid_options', 'Give a client_id, and a base such as https://git.example.org.')
  if (!type) fail('unsupported_by_provider', `This server has no such grant; it has ${Object.keys(grants)}.`)
  if (type !== 'public') fail('secret_required', hint)
}
