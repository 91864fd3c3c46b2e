import { createFormRequest } from '../protocol/token.ts'
import type { Provider } from '../provider/provider.ts'

/** Who revokes, where, and how many milliseconds one request may take. */
export interface RevokeOptions {
  readonly provider: Provider
  readonly client_id: string
  readonly fetch: typeof fetch
  readonly timeout: number
}

/**
 * Revokes the refresh token, then the access token, and tells whether the server confirmed it (RFC 7009 section 2.1).
 * `false` too where it has no revocation endpoint. Never rejects.
 */
export async function revoke(
  tokens: { readonly access_token: string; readonly refresh_token?: string | undefined },
  { provider, client_id, fetch, timeout }: RevokeOptions,
): Promise<boolean> {
  const { revocation_endpoint } = provider
  let confirmed: boolean | undefined
  for (const token_type_hint of ['refresh_token', 'access_token'] as const) {
    const token = tokens[token_type_hint]
    if (!token || !revocation_endpoint) continue
    const request = createFormRequest(revocation_endpoint, { client_id, token, token_type_hint })
    const options = { keepalive: true, signal: AbortSignal.timeout(timeout) }
    const status = await fetch(request, options).then((response) => response.status, () => 0)
    // A server that revokes refresh tokens only says 400 to the other kind (RFC 7009 section 2.2.1).
    confirmed = confirmed !== false && (status === 200 || (!!confirmed && status === 400))
  }
  return !!confirmed
}
