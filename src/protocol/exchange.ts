import { fail, OAuthError } from './errors.ts'
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

/** Sends a token request once, within one deadline, and reads its answer (RFC 6749 section 5). Every failure is an {@link OAuthError}. */
export async function exchange(
  { token_endpoint, name }: TokenEndpoint,
  grant: TokenGrant,
  { fetch, now, timeout }: ExchangeOptions,
): Promise<TokenSet> {
  const signal = AbortSignal.timeout(timeout)
  let response: Response | undefined
  try {
    response = await fetch(createTokenRequest({ token_endpoint }, grant), { signal })
    return await readTokenResponse(name, response, now())
  } catch (error) {
    if (error instanceof OAuthError) throw error
    // Fetch tells a page that may not read the answer the same as one that gets none; this request CORS cannot refuse.
    // Who could read a first answer can read the next.
    const probe: RequestInit = { mode: 'no-cors', credentials: 'omit', signal: AbortSignal.timeout(3000) }
    const first = grant.grant_type === 'authorization_code'
    const up =
      first && !response && !signal.aborted && (await fetch(token_endpoint, probe).catch(() => undefined))
    return up
      ? fail('cors_blocked', `Ask the admin of ${token_endpoint} to allow CORS, or use the BFF.`, {
          provider: name,
        })
      : fail(
          signal.aborted ? 'timeout' : 'network_error',
          `Check that ${token_endpoint} is up, then try again.`,
          { provider: name },
        )
  }
}
