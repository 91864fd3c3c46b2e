import { assertUsable } from '../protocol/authorization.ts'
import { fail } from '../protocol/errors.ts'
import type { ScopeDemands } from '../protocol/token.ts'
import type { Provider } from '../provider/provider.ts'

/** One forge of a BFF, and the application that is registered there. */
export interface BffProviderOptions extends ScopeDemands {
  readonly provider: Provider
  readonly client_id: string
  /** The secret, or what reads it from where it is kept. */
  readonly client_secret: string | (() => string | Promise<string>)
  /** Space-separated. */
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
  /** Where the tokens are: on the server, behind the proxy. */
  readonly tokens?: 'server'
  /** Seals the cookies: 32 characters at least, random. Of several the first seals and all open. */
  readonly cookieSecret: string | readonly string[]
  /** `crossSite` lets a link on another site start a sign-in. */
  readonly login?: { readonly crossSite?: boolean }
  /** Milliseconds that one answer of a forge may take. Default: 20,000. */
  readonly timeout?: number
  readonly fetch?: typeof fetch
  readonly now?: () => number
}

const KNOWN = {
  bff: [
    'publicOrigin',
    'basePath',
    'providers',
    'tokens',
    'cookieSecret',
    'login',
    'timeout',
    'fetch',
    'now',
  ],
  provider: ['provider', 'client_id', 'client_secret', 'scope', 'pkce', 'strictIssuer', 'parameters', 'api'],
  demands: ['requiredScope', 'exactScope'],
  login: ['crossSite'],
}

/** What stands in the place of a secret until somebody puts a real one there. */
const EXAMPLE = /^((.)\2*|change[-_ ]?me.*|your[-_ ].*|example.*|<.*>|\$\{.*|undefined|null)$/i

const isLoopback = (hostname: string) => /^(127(\.\d+){3}|\[::1\]|(.+\.)?localhost)$/i.test(hostname)

/** Whether what is sent to an address is safe on its way: https, or this machine. */
function isSafe(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}

const demand = (fact: unknown, hint: string): void => {
  if (!fact) fail('invalid_options', hint)
}

/** A setting that nobody reads is a wrong setting: a misspelt one must not pass for safe. */
function assertKnown(options: object, known: readonly string[], where: string): void {
  const stranger = Object.keys(options).find((name) => !known.includes(name))
  demand(!stranger, `${where} has no setting "${stranger}": it knows ${known.join(', ')}.`)
}

function assertEndpoints(name: string, { provider }: BffProviderOptions): void {
  const { authorization_endpoint, token_endpoint, revocation_endpoint = token_endpoint } = provider
  const { api_base, account } = provider
  const endpoints = [authorization_endpoint, token_endpoint, revocation_endpoint, api_base ?? token_endpoint]
  if (account && URL.canParse(account.url)) endpoints.push(account.url)
  for (const endpoint of endpoints)
    demand(isSafe(endpoint), `Give "${name}" https addresses: ${endpoint} is none.`)
  demand(api_base?.endsWith('/') ?? true, `The api_base of "${name}" must end with a slash: ${api_base}`)
}

/** What a rule for the API looks like: a method or none, and a path below `api_base`. */
const RULE = /^([A-Z]+ )?[^\s/?#][^\s?#]*$/

function assertProvider(name: string, options: BffProviderOptions): void {
  const { provider, client_id, client_secret, scope, api = [] } = options
  demand(/^[a-z0-9][a-z0-9_-]*$/.test(name), `Name the provider "${name}" with small letters and digits.`)
  assertKnown(options, [...KNOWN.provider, ...KNOWN.demands], `The provider "${name}"`)
  demand(provider?.grants && client_id, `Give the provider "${name}" a provider and a client_id.`)
  if (!provider.grants.code)
    fail('unsupported_by_provider', `${provider.name} has no authorization code grant.`)
  const isSet =
    typeof client_secret === 'function' || (client_secret?.length >= 8 && !EXAMPLE.test(client_secret))
  if (!isSet)
    fail(
      'secret_required',
      `Give "${name}" the client_secret of its application: 8 characters or more, no example.`,
    )
  const rule = api.find((one) => !RULE.test(one))
  demand(rule === undefined, `Give the rules of "${name}" as "GET user" or "projects/", not as "${rule}".`)
  demand(scope || !provider.scope_required, `${provider.name} demands a scope: give "${name}" one.`)
  assertEndpoints(name, options)
  // Any redirect_uri of ours is well-formed; what is asked here is what the server demands.
  assertUsable(provider, { redirect_uri: 'https://app.example/', pkce: options.pkce ?? provider.pkce })
}

/** Refuses two names for one issuer that lead to different servers (RFC 9207 section 4). */
function assertIssuers(options: readonly BffProviderOptions[]): void {
  const servers = new Map<string, string>()
  for (const { provider } of options) {
    const { issuer, token_endpoint } = provider
    if ((servers.get(issuer) ?? token_endpoint) !== token_endpoint)
      fail('duplicate_issuer', `Two providers claim to be ${issuer}: keep one.`)
    servers.set(issuer, token_endpoint)
  }
}

/** Refuses every setting that can be seen to be wrong; throws {@link OAuthError} with what to do. */
export function assertBffOptions(options: BffOptions): void {
  const { publicOrigin, basePath = '/auth', providers, tokens = 'server', cookieSecret } = options
  const { login = {}, timeout = 1 } = options
  assertKnown(options, KNOWN.bff, 'createBff')
  assertKnown(login, KNOWN.login, 'login')
  demand(
    isSafe(publicOrigin) && new URL(publicOrigin).origin === publicOrigin,
    'Give publicOrigin as an https origin such as https://app.example, without a path; http on loopback only.',
  )
  demand(
    /^(\/[\w.-]+)+$/.test(basePath) && new URL(basePath, publicOrigin).pathname === basePath,
    'Give basePath as a path such as /auth, without a slash at its end.',
  )
  demand(tokens === 'server', `tokens must be 'server'.`)
  // A timer that is told to wait longer fires at once.
  demand(timeout > 0 && timeout < 2 ** 31, 'Give timeout in milliseconds, more than 0 and less than 2^31.')
  const secrets = [cookieSecret].flat()
  demand(
    secrets.length && secrets.every((secret) => secret?.length >= 32 && !EXAMPLE.test(secret)),
    'Give a cookieSecret of 32 random characters or more, such as `openssl rand -base64 32` prints.',
  )
  demand(Object.keys(providers ?? {}).length, 'Give at least one provider.')
  for (const [name, provider] of Object.entries(providers)) assertProvider(name, provider ?? {})
  assertIssuers(Object.values(providers))
}
