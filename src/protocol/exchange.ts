import type { Provider } from '../provider/provider.ts'
import { fail, OAuthError } from './errors.ts'
import {
  createTokenRequest,
  readTokenResponse,
  type TokenEndpoint,
  type TokenGrant,
  type TokenResponse,
} from './token.ts'

/** The effects of a request to an authorization server, and how long it may take in all. */
export interface ExchangeOptions {
  /** What a confidential client proves itself with, in the body, where every forge reads it (RFC 6749 section 2.3.1). */
  readonly authentication?: Readonly<Record<string, string>>
  readonly fetch: typeof fetch
  readonly now: () => number
  /** Milliseconds for headers and body together. */
  readonly timeout: number
}

/**
 * Whether anything answers at an address: a request that CORS cannot refuse. Fetch tells a page that may not read an answer
 * the same as one that gets none.
 */
const isUp = (url: string, send: typeof fetch): Promise<boolean> =>
  send(url, { mode: 'no-cors', credentials: 'omit', signal: AbortSignal.timeout(3000) }).then(
    () => true,
    () => false,
  )

/** Sends a token request once, within one deadline, and reads its answer (RFC 6749 section 5). Every failure is an {@link OAuthError}. */
export async function exchange(
  endpoint: TokenEndpoint,
  grant: TokenGrant,
  { authentication, fetch, now, timeout }: ExchangeOptions,
): Promise<TokenResponse> {
  const { token_endpoint, name } = endpoint
  const deadline = new AbortController()
  const { signal } = deadline
  let timer: ReturnType<typeof setTimeout> | undefined
  // A fetch of the app's own may not listen to the signal.
  const late = new Promise<never>((_, reject) => {
    signal.onabort = reject
    timer = setTimeout(() => deadline.abort(), timeout)
  })
  let response: Response | undefined
  try {
    response = await Promise.race([
      late,
      fetch(createTokenRequest(endpoint, grant, authentication), { signal }),
    ])
    return await Promise.race([late, readTokenResponse(endpoint, response, now())])
  } catch (error) {
    if (error instanceof OAuthError) throw error
    // Who could read a first answer can read the next, and who has a secret is no page.
    const isFirst =
      grant.grant_type === 'authorization_code' && !response && !signal.aborted && !authentication
    const up = isFirst && (await isUp(token_endpoint, fetch))
    const code = signal.aborted ? 'timeout' : up ? 'cors_blocked' : 'network_error'
    // Who has a secret passes the hint on to pages, which need not know its addresses.
    const server = authentication ? name : token_endpoint
    const admin = `Ask the admin of ${server} to allow CORS, or use the BFF.`
    return fail(code, up ? admin : `Check that ${server} is up, then try again.`, { provider: name })
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Whether a refresh was refused for good, in this server's words: the refresh token is dead (RFC 6749 section 5.2). Sent
 * alone, it is all that a 401 in JSON can be about; one in another shape is of a gateway.
 */
export const endsSession = (
  { refresh_authentication, refresh_ends_on = [] }: Provider,
  { code, error = '', status }: OAuthError,
): boolean =>
  ['invalid_grant', ...refresh_ends_on].includes(error) ||
  (!!refresh_authentication && status === 401 && (!!error || code === 'bad_status'))
