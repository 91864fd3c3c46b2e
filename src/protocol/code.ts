import type { Provider } from '../provider/provider.ts'
import {
  type AuthorizationResponse,
  type AuthorizationTransaction,
  type ValidationOptions,
  validateAuthorizationResponse,
} from './authorization.ts'
import { type ExchangeOptions, exchange } from './exchange.ts'
import { admit } from './id-token.ts'
import type { TokenSet } from './token.ts'

/** The client that redeems, and the effects it needs. */
export interface RedeemOptions extends ExchangeOptions, ValidationOptions {
  readonly provider: Provider
  readonly client_id: string
}

/**
 * Judges the authorization response and exchanges its code at the endpoint of its transaction (RFC 6749 section 4.1.3); then
 * judges the ID token, if its transaction has a nonce.
 */
export async function redeemCode(
  transaction: AuthorizationTransaction,
  response: AuthorizationResponse,
  options: RedeemOptions,
): Promise<TokenSet> {
  const code = validateAuthorizationResponse(response, transaction, options)
  const { code_verifier, redirect_uri, token_endpoint, issuer, nonce } = transaction
  const { client_id, provider } = options
  const { id_token, ...tokens } = await exchange(
    // That of the sign-in, whatever the settings say by now.
    { ...provider, token_endpoint },
    {
      grant_type: 'authorization_code',
      code,
      ...(!provider.token_redirect_uri && { redirect_uri }),
      ...(code_verifier && { code_verifier }),
      client_id,
    },
    options,
  )
  return nonce ? admit({ ...tokens, id_token }, { issuer, nonce }, options) : tokens
}
