import { readAccount } from '../protocol/account.ts'
import { validateAuthorizationResponse } from '../protocol/authorization.ts'
import type { RedeemOptions } from '../protocol/code.ts'
import { fail } from '../protocol/errors.ts'
import { readTokenResponse } from '../protocol/token.ts'
import type { Grant } from './grant.ts'

/** How much the implicit grant is trusted. */
export interface ImplicitOptions {
  /** `unverified` takes a token that may have been issued to another application, where the server does not tell. */
  readonly audience?: 'unverified'
}

/** Asks the server which application a token is for: in a fragment anybody could have put another one's. */
async function assertAudience({ provider, client_id, fetch, timeout }: RedeemOptions, access_token: string) {
  const { token_info_endpoint: url } = provider
  const headers = { authorization: `Bearer ${access_token}` }
  const ask = async () => {
    if (!url) throw new Error('There is nobody to ask.')
    const response = await fetch(url, { headers, credentials: 'omit', signal: AbortSignal.timeout(timeout) })
    return (await response.json()).application
  }
  const application = await ask().catch(() =>
    fail('audience_unverified', 'Use the code grant, or accept the risk by name: audience: "unverified".'),
  )
  if (application?.uid !== client_id) fail('audience_mismatch')
}

let warned = false

/** Says once what RFC 10017 section 7.2 says of this grant. */
function warn(): void {
  if (warned) return
  warned = true
  console.warn(
    'forgepass: implicit() leaves tokens in addresses; RFC 10017 forbids it. Use the code grant where you can.',
  )
}

/**
 * Takes the access token from the fragment that the person comes back with (RFC 6749 section 4.2), where a server still has
 * nothing better. It is kept only once the server has told that it was issued to this application, and whose it is.
 * Throws `audience_unverified`, `audience_mismatch`, `token_refused`.
 */
export function implicit({ audience }: ImplicitOptions = {}): Grant<'implicit', never> {
  warn()
  return {
    name: 'implicit',
    request: { response_type: 'token', pkce: 'none' },
    async redeem(transaction, response, options) {
      const { provider, fetch, now, timeout } = options
      validateAuthorizationResponse(response, transaction, { ...options, expected: 'hash' })
      const fields = Response.json(Object.fromEntries(response.parameters))
      const { access_token, scope, expires_at } = await readTokenResponse(provider, fields, now())
      if (audience !== 'unverified') await assertAudience(options, access_token)
      const signal = AbortSignal.timeout(timeout)
      const account = await readAccount(provider, { access_token, fetch, signal }).catch(() => undefined)
      // A refresh token has no business in an address (RFC 6749 section 4.2.2).
      return account
        ? { access_token, scope, expires_at, account }
        : fail('token_refused', 'The forge does not say whose token it is.')
    },
  }
}
