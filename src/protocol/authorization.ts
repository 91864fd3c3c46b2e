import type { Provider } from '../provider/provider.ts'
import { fail, readServerError } from './errors.ts'
import { createChallenge, random } from './pkce.ts'
import { isWithin } from './token.ts'

/** What an authorization request needs beside the provider (RFC 6749 section 4.1.1). */
export interface AuthorizationOptions {
  readonly client_id: string
  readonly redirect_uri: string
  /** Space-separated; `''` asks for none, and the server then decides. Default: the provider's `default_scope`. */
  readonly scope?: string | undefined
  /** Further request parameters, such as `prompt` or `login_hint`; they never replace those of the grant. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Default: 256 random bits. */
  readonly state?: string
  /** Leaves PKCE out: for a confidential client, or where no code is asked for. */
  readonly pkce?: 'none' | undefined
  /** Default: `code`. */
  readonly response_type?: 'token' | undefined
}

/** What has to be remembered between the authorization request and its response; never a token. */
export interface AuthorizationTransaction {
  readonly state: string
  /** Empty without PKCE. */
  readonly code_verifier: string
  /** What the ID token has to repeat, if one was asked for. */
  readonly nonce?: string
  /** Where the response has to come back, also where the server is not told. */
  readonly redirect_uri: string
  /** What was asked for. */
  readonly scope?: string | undefined
  /** The server this request went to: its response is judged by these, whatever the app's settings say by then. */
  readonly issuer: string
  readonly token_endpoint: string
}

/** Response parameters that the specifications define; all else in a URL is the app's own. */
const DEFINED =
  /^(code|state|iss|error(_description|_uri)?|(access|refresh|id)_token|token_type|expires_in|scope|session_state)$/
/** Those that make a response of it. */
const ANSWER = /^(code|error|(access|id)_token)$/

/** Refuses what no app may do at a provider: throws `insecure_context`, `pkce_unsupported`, `unsupported_by_kit`, `invalid_redirect_uri`. */
export function assertUsable(
  provider: Provider,
  { redirect_uri, pkce }: Pick<AuthorizationOptions, 'redirect_uri' | 'pkce'>,
): void {
  const { code_challenge_methods_supported: methods = provider.pkce ? [] : ['S256'] } = provider
  const valid = URL.canParse(redirect_uri) && !redirect_uri.includes('#')
  if (!globalThis.crypto?.subtle) fail('insecure_context', 'Serve this page over https or from localhost.')
  if (!pkce && !methods.includes('S256'))
    fail('pkce_unsupported', 'This server has no PKCE with S256: use the BFF.')
  if (provider.require_pushed_authorization_requests)
    fail('unsupported_by_kit', 'This server demands pushed requests.')
  if (!valid || [...new URL(redirect_uri).searchParams.keys()].some((name) => DEFINED.test(name)))
    fail('invalid_redirect_uri', 'Give an address without a fragment or OAuth parameters.')
}

/**
 * Builds an authorization request with PKCE S256 and a one-time state (RFC 6749 section 4.1.1, RFC 7636 section 4.3); for a code
 * with the scope `openid` also with a nonce (OpenID Connect Core section 3.1.2.1).
 */
export async function createAuthorizationRequest(
  provider: Provider,
  options: AuthorizationOptions,
): Promise<{ url: URL; transaction: AuthorizationTransaction }> {
  const { client_id, redirect_uri, pkce, response_type = 'code', state = random() } = options
  const scope = (options.scope ?? provider.default_scope) || undefined
  assertUsable(provider, options)
  const code_verifier = pkce ? '' : random()
  const nonce = response_type === 'code' &&
    !provider.id_token &&
    isWithin('openid', scope) && { nonce: random() }
  const url = new URL(provider.authorization_endpoint)
  const parameters = {
    ...options.parameters,
    response_type,
    client_id,
    ...(!provider.authorization_redirect_uri && { redirect_uri }),
    ...(scope && { scope }),
    state,
    ...nonce,
    ...(code_verifier && {
      code_challenge: await createChallenge(code_verifier),
      code_challenge_method: 'S256',
    }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const { issuer, token_endpoint } = provider
  return { url, transaction: { state, code_verifier, ...nonce, redirect_uri, scope, issuer, token_endpoint } }
}

/** An authorization response as it stands in a URL, not judged yet. */
export interface AuthorizationResponse {
  /** What the specifications define; all else is the app's own. */
  readonly parameters: URLSearchParams
  /** Where it stands. */
  readonly mode: 'search' | 'hash' | 'mixed'
  /** The address without it; the app's own query and hash are as they were. */
  readonly clean: URL
}

/** Sorts the pairs of a query or a hash into those that the specifications define and the app's own, left as they were. */
function sort(part: string) {
  const response: [string, string][] = []
  const own = part
    .slice(1)
    .split('&')
    .filter((pair) => {
      const [[name, value] = ['', '']] = new URLSearchParams(`&${pair}`)
      return !DEFINED.test(name) || !response.push([name, value])
    })
  const rest = own[0] === undefined ? '' : part[0] + own.join('&')
  return { rest, parameters: response.some(([name]) => ANSWER.test(name)) && new URLSearchParams(response) }
}

/** Finds the authorization response in a URL, in its query or its fragment; `undefined` if there is none. */
export function readAuthorizationResponse(url: URL): AuthorizationResponse | undefined {
  const clean = new URL(url)
  const { search } = url
  // A hash such as `#code` or `#/route?a=b&code=1` belongs to the app.
  const hash = /^#(?![/!]).*(&|access_token=)/.test(url.hash) ? url.hash : ''
  const found = Object.entries({ search, hash }).flatMap(([mode, part]) => {
    const { parameters, rest } = sort(part)
    if (!parameters) return []
    clean[mode as 'search' | 'hash'] = rest
    return { mode: mode as 'search' | 'hash', parameters, clean }
  })
  return found[1] ? { ...(found[0] as AuthorizationResponse), mode: 'mixed' } : found[0]
}

/** What an authorization response is judged by, beside its transaction. */
export interface ValidationOptions {
  readonly provider: Pick<Provider, 'name' | 'authorization_response_iss_parameter_supported' | 'error_iss'>
  /** Refuses even a right `iss` from a server that does not advertise it (RFC 9207 section 2.4). */
  readonly strictIssuer?: boolean | undefined
  /** Where the response has to stand. Default: `search`, as a code does. */
  readonly expected?: 'search' | 'hash'
}

/**
 * Judges an authorization response against its transaction, in the `mode` that was asked for, and returns what it grants: a
 * code in the query or an access token in the fragment (RFC 6749 sections 4.1.2 and 4.2.2, RFC 9207).
 * Throws {@link OAuthError}: what is wrong with its form, `issuer_*`, or `authorization_error` with the server's `error`.
 */
export function validateAuthorizationResponse(
  { parameters, mode }: AuthorizationResponse,
  { issuer }: Pick<AuthorizationTransaction, 'issuer'>,
  { provider, strictIssuer, expected = 'search' }: ValidationOptions,
): string {
  const { code, access_token, id_token, iss, error, ...others } = Object.fromEntries(parameters)
  const [grant = '', other] = expected === 'search' ? [code, access_token] : [access_token, code]
  const advertised = provider.authorization_response_iss_parameter_supported
  if (mode === 'mixed') fail('mixed_response')
  if (new Set(parameters.keys()).size < parameters.size) fail('duplicate_parameter')
  if (iss ? iss !== issuer : advertised && !(error && provider.error_iss))
    fail(iss ? 'issuer_mismatch' : 'issuer_missing')
  if (strictIssuer && iss && !advertised) fail('issuer_unexpected')
  if (other !== undefined || id_token !== undefined) fail('response_type_mismatch')
  if (mode !== expected) fail('response_mode_mismatch')
  // Printable ASCII (RFC 6749 appendix A.11), and no more of it than any server sends.
  if (!grant === !error || !/^[ -~]{0,16384}$/.test(grant)) fail('malformed_response')
  if (error) {
    const hint = error === 'access_denied' ? 'Sign in again and approve the request.' : undefined
    fail('authorization_error', hint, { ...readServerError({ error, ...others }), provider: provider.name })
  }
  return grant
}
