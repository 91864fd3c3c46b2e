import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  validateAuthResponse,
} from 'oauth4webapi'
import type { Provider } from '../provider/provider.ts'
import { OAuthError, type OAuthErrorCode, readServerError } from './errors.ts'

/** What an authorization request needs beside the provider (RFC 6749 section 4.1.1). */
export interface AuthorizationOptions {
  readonly client_id: string
  readonly redirect_uri: string
  readonly scope?: string | undefined
  /** Further request parameters, such as `prompt` or `login_hint`; they never replace those of the grant. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Default: 256 random bits. */
  readonly state?: string
}

/** What has to be remembered between the authorization request and its response; never a token. */
export interface AuthorizationTransaction {
  readonly state: string
  readonly code_verifier: string
  readonly redirect_uri: string
  readonly scope?: string | undefined
  /** The server this request went to: its response is judged by these, whatever the app's settings say by then. */
  readonly issuer: string
  readonly token_endpoint: string
}

/** Response parameters that the specifications define; all else in a URL is the app's own. */
const RESPONSE_PARAMETERS =
  'code state iss error error_description error_uri access_token token_type expires_in refresh_token id_token scope session_state'.split(
    ' ',
  )

/** What is wrong with a provider or a redirect_uri for a browser app: a code, and what to do about it. */
function findMisuse(provider: Provider, redirect_uri: string): [OAuthErrorCode, string] | undefined {
  const url = URL.canParse(redirect_uri) && new URL(redirect_uri)
  if (!globalThis.crypto?.subtle) return ['insecure_context', 'Serve this page over https or from localhost.']
  if (provider.code_challenge_methods_supported?.includes('S256') === false) {
    return ['pkce_unsupported', 'This server has no PKCE with S256: use the BFF.']
  }
  if (provider.require_pushed_authorization_requests) {
    return ['unsupported_by_kit', 'This server takes pushed authorization requests only.']
  }
  if (!url || redirect_uri.includes('#') || RESPONSE_PARAMETERS.some((name) => url.searchParams.has(name))) {
    return ['invalid_redirect_uri', 'Give a redirect_uri without a fragment or OAuth parameters.']
  }
}

/** Builds an authorization request with PKCE S256 and a one-time state (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
export async function createAuthorizationRequest(
  provider: Provider,
  options: AuthorizationOptions,
): Promise<{ url: URL; transaction: AuthorizationTransaction }> {
  const { client_id, redirect_uri, scope, state = generateRandomState() } = options
  const misuse = findMisuse(provider, redirect_uri)
  if (misuse) throw new OAuthError(misuse[0], { provider: provider.name, hint: misuse[1] })
  const code_verifier = generateRandomCodeVerifier()
  const url = new URL(provider.authorization_endpoint)
  const parameters = {
    ...options.parameters,
    response_type: 'code',
    client_id,
    redirect_uri,
    ...(scope && { scope }),
    state,
    code_challenge: await calculatePKCECodeChallenge(code_verifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const { issuer, token_endpoint } = provider
  return { url, transaction: { state, code_verifier, redirect_uri, scope, issuer, token_endpoint } }
}

/** An authorization response as it stands in a URL, not judged yet. */
export interface AuthorizationResponse {
  readonly parameters: URLSearchParams
  /** Where it was found. */
  readonly mode: 'query' | 'fragment' | 'mixed'
  /** Its `state`; more than one is an error. */
  readonly states: readonly string[]
}

const isResponse = (parameters: URLSearchParams) =>
  ['code', 'error', 'access_token', 'id_token'].some((name) => parameters.has(name))

/** Finds the authorization response in a URL, in its query or its fragment; `undefined` if there is none. */
export function readAuthorizationResponse({ hash, searchParams }: URL): AuthorizationResponse | undefined {
  // A hash such as `#/route?code=1` or `#code` belongs to the app.
  const fragment = new URLSearchParams(/^#[/!]/.test(hash) ? '' : hash.slice(1))
  const inFragment = isResponse(fragment) && (fragment.has('state') || fragment.has('access_token'))
  const inQuery = isResponse(searchParams)
  if (!inQuery && !inFragment) return
  const parameters = inQuery ? searchParams : fragment
  const mode = inQuery ? (inFragment ? 'mixed' : 'query') : 'fragment'
  return { parameters, mode, states: parameters.getAll('state') }
}

/** Takes the response parameters out of a URL and leaves the app's own query and hash as they were. */
export function stripAuthorizationResponse(url: URL): URL {
  const strip = (part: string) =>
    part
      .slice(1)
      .split('&')
      .filter((pair) => !RESPONSE_PARAMETERS.some((name) => new URLSearchParams(pair).has(name)))
      .join('&')
  const clean = new URL(url)
  clean.search = strip(url.search)
  if (readAuthorizationResponse(url)?.mode !== 'query') clean.hash = strip(url.hash)
  return clean
}

/** What is wrong with the form of a response to a code request, most telling first. */
function findFault({ parameters, mode }: AuthorizationResponse): OAuthErrorCode | undefined {
  const code = parameters.get('code')
  if (mode === 'mixed') return 'mixed_response'
  if (RESPONSE_PARAMETERS.some((name) => parameters.getAll(name).length > 1)) return 'duplicate_parameter'
  if (parameters.has('access_token') || parameters.has('id_token')) return 'response_type_mismatch'
  if (mode === 'fragment') return 'response_mode_mismatch'
  // Printable ASCII (RFC 6749 appendix A.11), and no more of it than any server sends.
  if (!code === !parameters.get('error') || (code && !/^[ -~]{1,16384}$/.test(code))) return 'malformed_response'
}

/** What an authorization response is judged by, beside its transaction. */
export interface ValidationOptions {
  readonly provider: Pick<Provider, 'name' | 'authorization_response_iss_parameter_supported'>
  /** Refuses even a right `iss` from a server that does not advertise it (RFC 9207 section 2.4). */
  readonly strictIssuer?: boolean | undefined
}

/**
 * Judges an authorization response against its transaction and returns the code (RFC 6749 section 4.1.2, RFC 9207).
 * Throws {@link OAuthError}: what is wrong with its form, `issuer_*`, or `authorization_error` with the server's `error`.
 */
export function validateAuthorizationResponse(
  response: AuthorizationResponse,
  { issuer, state }: Pick<AuthorizationTransaction, 'issuer' | 'state'>,
  { provider, strictIssuer }: ValidationOptions,
): string {
  const { parameters } = response
  const iss = parameters.get('iss')
  const authorization_response_iss_parameter_supported = !!provider.authorization_response_iss_parameter_supported
  const unexpected = strictIssuer && iss && !authorization_response_iss_parameter_supported && 'issuer_unexpected'
  const fault = findFault(response) || unexpected
  if (fault) throw new OAuthError(fault)
  // Only what the specifications define: oauth4webapi would refuse an app's own `token` or `response`.
  const defined = new URLSearchParams([...parameters].filter(([name]) => RESPONSE_PARAMETERS.includes(name)))
  try {
    validateAuthResponse({ issuer, authorization_response_iss_parameter_supported }, { client_id: '-' }, defined, state)
  } catch (cause) {
    if (!(cause as { error?: string }).error) throw new OAuthError(iss ? 'issuer_mismatch' : 'issuer_missing')
    const details = readServerError(Object.fromEntries(parameters), [state])
    throw new OAuthError('authorization_error', { ...details, provider: provider.name })
  }
  return parameters.get('code') as string
}
