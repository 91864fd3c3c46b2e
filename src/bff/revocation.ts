import { revoke } from '../protocol/revocation.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { BffContext, Forge } from './context.ts'
import { type Authentication, within } from './secret.ts'

/**
 * Revokes tokens at their forge, with the secret if it can be read, and tells whether the forge confirmed it; once more with
 * another secret, if there is one by now. Never rejects.
 */
export async function revokeTokens(
  context: Pick<BffContext, 'fetch' | 'timeout'>,
  forge: Forge,
  tokens: TokenSet,
): Promise<boolean> {
  const { authenticate, provider } = forge
  const { timeout } = context
  const revokeWith = (authentication: Authentication | undefined) =>
    revoke(tokens, { ...context, ...forge, authentication: authentication ?? {} })
  const first = await within(timeout, authenticate())
  if (await revokeWith(first)) return true
  if (!first || !provider.revocation_endpoint) return false
  const renewed = await within(timeout, authenticate(first))
  return !!renewed && renewed.client_secret !== first.client_secret && revokeWith(renewed)
}
