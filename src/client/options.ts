import type { Flow } from '../flow/flow.ts'
import { fail } from '../protocol/errors.ts'
import type { ExchangeOptions } from '../protocol/exchange.ts'
import type { ScopeDemands } from '../protocol/token.ts'
import type { Grants, Provider } from '../provider/provider.ts'
import type { Lock } from '../session/lock.ts'
import type { SessionChanges } from '../session/session.ts'
import type { Storage } from '../session/storage.ts'
import type { RecordStore } from '../session/store.ts'
import type { Transactions } from './transactions.ts'

/** What a client is made of. */
export interface ClientOptions<G extends Grants = Grants, S extends string = string> extends ScopeDemands {
  readonly provider: Provider<G, S>
  readonly client_id: string
  /** As registered at the forge, byte for byte; or a path of this origin. */
  readonly redirect_uri: string
  /** Space-separated: scopes the forge is known to have, or any other text. */
  readonly scope?: S | (string & {})
  /** Tells two accounts at one forge apart. Default: `''`. */
  readonly name?: string
  /** Where the session is kept. Default: memory, gone at reload. */
  readonly storage?: Storage
  /** Where sign-ins under way are kept, never a token. Default: localStorage. */
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

/** The options with every default in its place, and what the client is made of. */
export interface ClientContext
  extends Omit<
      ClientOptions,
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

/** A provider whose code grant demands a secret reads as this sentence where a public one is expected. */
export type PublicGrants<G extends Grants> = [G['code']] extends ['confidential']
  ? { readonly provider: 'This provider demands a client_secret: use createBff and createBffClient.' }
  : unknown

/** Refuses options that no browser client may have. */
export function assertOptions({ provider, client_id, client_secret }: ClientOptions): void {
  const { grants, authorization_endpoint } = provider
  const hint = 'A client_secret never belongs in a browser: use the BFF.'
  if (client_secret) fail('client_secret_in_browser', hint)
  if (!client_id || !URL.canParse(authorization_endpoint))
    fail('invalid_options', 'Give a client_id, and a base such as https://git.example.org.')
  if (!grants.code) fail('unsupported_by_provider', 'This server has no authorization code grant.')
  if (grants.code !== 'public') fail('secret_required', hint)
}
