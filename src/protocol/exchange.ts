import { OAuthError } from './errors.ts'
import { createTokenRequest, readTokenResponse, type TokenGrant, type TokenSet } from './token.ts'

/** The effects of a request to an authorization server, and how long it may take in all. */
export interface ExchangeOptions {
  readonly fetch: typeof fetch
  readonly now: () => number
  /** Milliseconds for headers and body together. */
  readonly timeout: number
}

/** Where to send a token request, and how to call who answers. */
export interface TokenEndpoint {
  readonly token_endpoint: string
  readonly name: string
}

/** What the answer must not repeat in its error texts. */
const secretsOf = (grant: Record<string, string>) =>
  ['code', 'code_verifier', 'refresh_token'].flatMap((name) => grant[name] || [])

/** Sends a token request once, within one deadline, and reads its answer (RFC 6749 section 5). Every failure is an {@link OAuthError}. */
export async function exchange(endpoint: TokenEndpoint, grant: TokenGrant, options: ExchangeOptions): Promise<TokenSet> {
  const { fetch, now, timeout } = options
  const { token_endpoint: url, name } = endpoint
  const signal = AbortSignal.timeout(timeout)
  let response: Response | undefined
  try {
    response = await fetch(createTokenRequest(endpoint, grant), { signal })
    return await readTokenResponse({ name, secrets: secretsOf(grant) }, response, now())
  } catch (error) {
    if (error instanceof OAuthError) throw error
    // Fetch says the same to a page that may not read the answer and to one that gets none: a request CORS cannot refuse tells.
    const probe: RequestInit = { mode: 'no-cors', signal: AbortSignal.timeout(3000) }
    const up = !response && !signal.aborted && (await fetch(url, probe).catch(() => undefined))
    throw new OAuthError(signal.aborted ? 'timeout' : up ? 'cors_blocked' : 'network_error', {
      provider: name,
      hint: up
        ? `Ask the admin of ${url} to allow CORS, or use the BFF.`
        : `Check the connection and whether ${url} is up, then try again.`,
    })
  }
}
