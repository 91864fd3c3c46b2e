import type { Provider } from '../provider/provider.ts'
import type { ExchangeOptions } from './exchange.ts'
import { createFormRequest, type TokenSet } from './token.ts'

/** Who revokes, where, and how many milliseconds one request may take. */
export interface RevokeOptions extends Pick<ExchangeOptions, 'authentication' | 'fetch' | 'timeout'> {
  readonly provider: Provider
  readonly client_id: string
}

/**
 * Revokes the refresh token, then the access token, and tells whether the server confirmed it (RFC 7009 section 2.1).
 * `false` too where it has no revocation endpoint. Never rejects.
 */
export async function revoke(tokens: TokenSet, options: RevokeOptions): Promise<boolean> {
  const { provider, client_id, authentication, fetch, timeout } = options
  const { revocation_endpoint: url } = provider
  let confirmed = !!url
  for (const token_type_hint of ['refresh_token', 'access_token'] as const) {
    const token = tokens[token_type_hint]
    if (!url || !token) continue
    let status = 0
    try {
      const request = createFormRequest(url, { client_id, ...authentication, token, token_type_hint })
      status = (await fetch(request, { keepalive: true, signal: AbortSignal.timeout(timeout) })).status
    } catch {}
    // A server that revokes refresh tokens only says 400 to the other kind (RFC 7009 section 2.2.1).
    const enough = token_type_hint === 'access_token' && tokens.refresh_token && status === 400
    confirmed &&= status === 200 || !!enough
  }
  return confirmed
}
