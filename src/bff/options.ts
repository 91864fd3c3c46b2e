import type { ScopeDemands } from '../protocol/token.ts'
import type { Provider } from '../provider/provider.ts'

/** One forge of a BFF, and the application that is registered there. */
export interface BffProviderOptions extends ScopeDemands {
  readonly provider: Provider
  readonly client_id: string
  /** The secret, or what reads it from where it is kept. */
  readonly client_secret: string | (() => string | Promise<string>)
  /** Space-separated; `''` asks for none. Default: the least that tells who signed in, where the provider names it. */
  readonly scope?: string
  /** Leaves PKCE out where the provider would take it: the state in the sealed cookie then stands alone. */
  readonly pkce?: 'none'
  /** Refuses even a right `iss` from a server that does not advertise it (RFC 9207 section 2.4). */
  readonly strictIssuer?: boolean
  /** Further parameters of the authorization request, such as `prompt`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** What pages may call at its API, such as `GET user`; a path that ends in `/` stands for all below. Default: everything. */
  readonly api?: readonly string[]
}

/** What a BFF is made of. */
export interface BffOptions {
  /** The origin that people see, such as `https://app.example`; http on loopback only. Never read from a request. */
  readonly publicOrigin: string
  /** Where its routes are. Default: `/auth`. */
  readonly basePath?: string
  /** The forges by the name that stands in the addresses: `login/<name>`. */
  readonly providers: Readonly<Record<string, BffProviderOptions>>
  /**
   * Where the access tokens are. Default: on the server, behind the proxy. In the browser (RFC 10017 section 6.2) there is no
   * proxy, pages hold the token, and whatever script runs in them can take it away; the refresh token stays on the server.
   */
  readonly tokens?: 'server' | 'browser'
  /** Seals the cookies: 32 characters at least, random. Of several the first seals and all open. */
  readonly cookieSecret: string | readonly string[]
  /** `crossSite` lets a link on another site start a sign-in. */
  readonly login?: { readonly crossSite?: boolean }
  /** Milliseconds that one answer of a forge may take. Default: 20,000. */
  readonly timeout?: number
  readonly fetch?: typeof fetch
  readonly now?: () => number
}
