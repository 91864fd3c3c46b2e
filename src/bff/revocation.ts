import { revoke } from '../protocol/revocation.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { BffContext, Forge } from './context.ts'

/** Revokes tokens at their forge, with the secret if it can be read, and tells whether the forge confirmed it. Never rejects. */
export async function revokeTokens(
  context: Pick<BffContext, 'fetch' | 'timeout'>,
  forge: Forge,
  tokens: TokenSet,
): Promise<boolean> {
  const authentication = await forge.authenticate().catch(() => ({}))
  return revoke(tokens, { ...context, ...forge, authentication })
}
