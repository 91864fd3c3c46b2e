import { assertUsable } from '../protocol/authorization.ts'
import { fail } from '../protocol/errors.ts'
import type { BffOptions, BffProviderOptions } from './options.ts'

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
const EXAMPLE =
  /^(change[-_ ]?me.*|replace[-_ ].*|todo\b.*|your[-_ ].*|example.*|<.*>|\$\{.*|undefined|null)$/i

/** Whether a text can be a secret: long enough, in more than a few characters, with no white space around it, and no example. */
export const isSecret = (secret: unknown, shortest: number): secret is string =>
  typeof secret === 'string' &&
  secret.length >= shortest &&
  new Set(secret).size >= Math.min(6, shortest) &&
  secret.trim() === secret &&
  !EXAMPLE.test(secret)

const isLoopback = (hostname: string) => /^(127(\.\d+){3}|\[::1\]|(.+\.)?localhost)$/i.test(hostname)

/** Whether what is sent to an address is safe on its way: https, or this machine. */
function isSafe(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  // A password in an address ends up in every log.
  if (url?.username || url?.password) return false
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
  if (account?.url && URL.canParse(account.url)) endpoints.push(account.url)
  for (const endpoint of endpoints)
    demand(isSafe(endpoint), `Give "${name}" https addresses: ${endpoint.replace(/^.*@/s, '…@')} is none.`)
  demand(/^[^?#]+\/$/.test(api_base ?? '-/'), `The api_base of "${name}" must end with a slash: ${api_base}`)
}

/** What a rule for the API looks like: a method or none, and a path below `api_base`. */
const RULE = /^((GET|HEAD|POST|PUT|PATCH|DELETE) )?(?!\.|.*\/\.)[^\s/?#][^\s?#]*$/

/** Refuses what a setting's type says already: not everybody's editor has told them. */
function assertTypes(name: string, options: BffProviderOptions): void {
  const {
    scope = options.provider.default_scope ?? '',
    requiredScope = '',
    exactScope = false,
    strictIssuer = false,
    pkce,
    parameters = {},
  } = options
  const { api = [] } = options
  demand(
    [scope, requiredScope].every((one) => typeof one === 'string'),
    `Give "${name}" its scopes as one text.`,
  )
  demand(
    [exactScope, strictIssuer].every((one) => typeof one === 'boolean'),
    `exactScope and strictIssuer are true or false.`,
  )
  demand(pkce === undefined || pkce === 'none', `Leave pkce of "${name}" out, for S256, or give 'none'.`)
  demand(
    Object.values(parameters).every((one) => typeof one === 'string'),
    `Give the parameters of "${name}" as texts.`,
  )
  demand(
    !('response_mode' in parameters),
    'The BFF takes responses in the query only: leave response_mode out.',
  )
  const asked = scope.split(' ')
  demand(
    requiredScope.split(' ').every((one) => !one || asked.includes(one)),
    `"${name}" requires a scope that it does not ask for.`,
  )
  const isRule = (one: unknown) => typeof one === 'string' && RULE.test(one)
  const wrong = Array.isArray(api) ? api.filter((one) => !isRule(one)) : [api]
  demand(
    wrong.length === 0,
    `Give the rules of "${name}" as ["GET user", "projects/"], not as "${wrong[0]}".`,
  )
}

function assertProvider(name: string, options: BffProviderOptions): void {
  const { provider, client_id, client_secret, scope = provider?.default_scope } = options
  demand(/^[a-z0-9][a-z0-9_-]*$/.test(name), `Name the provider "${name}" with small letters and digits.`)
  assertKnown(options, [...KNOWN.provider, ...KNOWN.demands], `The provider "${name}"`)
  demand(
    provider?.grants && /^\S+$/.test(client_id ?? ''),
    `Give the provider "${name}" a provider and a client_id.`,
  )
  if (!provider.grants.code)
    fail('unsupported_by_provider', `${provider.name} has no authorization code grant.`)
  if (typeof client_secret !== 'function' && !isSecret(client_secret, 8))
    fail(
      'secret_required',
      `Give "${name}" the client_secret of its application: 8 characters or more, no example.`,
    )
  assertTypes(name, options)
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

/** Refuses cookie secrets that seal nothing, or that the forge knows. */
function assertCookieSecret({ cookieSecret, providers }: BffOptions): void {
  const secrets = [cookieSecret].flat()
  demand(
    secrets.length && secrets.every((secret) => isSecret(secret, 32)),
    'Give a cookieSecret of 32 random characters or more, such as `openssl rand -base64 32` prints.',
  )
  const known = Object.values(providers).some(({ client_secret }) =>
    secrets.includes(client_secret as string),
  )
  demand(!known, 'Give a cookieSecret of its own: a client_secret is known to the forge.')
}

/** Refuses every setting that can be seen to be wrong; throws {@link OAuthError} with what to do. */
export function assertBffOptions(options: BffOptions): void {
  demand(options, 'Give createBff its options.')
  const { publicOrigin, basePath = '/auth', providers, tokens = 'server' } = options
  const { timeout = 1 } = options
  const login = options.login ?? {}
  assertKnown(options, KNOWN.bff, 'createBff')
  assertKnown(login, KNOWN.login, 'login')
  demand(typeof (login.crossSite ?? false) === 'boolean', 'login.crossSite is true or false.')
  demand(
    isSafe(publicOrigin) && new URL(publicOrigin).origin === publicOrigin,
    'Give publicOrigin as an https origin such as https://app.example, without a path; http on loopback only.',
  )
  demand(
    /^(\/[\w.-]+)+$/.test(basePath) && new URL(basePath, publicOrigin).pathname === basePath,
    'Give basePath as a path such as /auth, without a slash at its end.',
  )
  demand(['server', 'browser'].includes(tokens), `tokens must be 'server' or 'browser'.`)
  demand(
    tokens === 'server' || Object.values(providers ?? {}).every((one) => !one?.api),
    `Rules for the API are the proxy's: leave api out with tokens: 'browser'.`,
  )
  // A timer that is told to wait longer fires at once.
  demand(timeout > 0 && timeout < 2 ** 31, 'Give timeout in milliseconds, more than 0 and less than 2^31.')
  demand(Object.keys(providers ?? {}).length, 'Give at least one provider.')
  for (const [name, provider] of Object.entries(providers)) assertProvider(name, provider ?? {})
  assertIssuers(Object.values(providers))
  assertCookieSecret(options)
}
