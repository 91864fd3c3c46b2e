import { fail } from './errors.ts'
import type { ExpectedIdToken } from './openid.ts'
import { type RevokeOptions, revoke } from './revocation.ts'
import type { TokenResponse, TokenSet } from './token.ts'

/** Loads what judges ID tokens, for a client that asks for one; the others never have it. */
export const loadOpenid = () => import('./openid.ts').catch(() => fail('network_error', 'Reload the page.'))

/**
 * Judges the ID token of a token response and puts its claims in its place; tokens with one that fails are revoked.
 * Throws `id_token_missing` or `id_token_invalid`, at a refresh `login_required`; `network_error` if what judges does not load.
 */
export async function admit(
  { id_token, ...tokens }: TokenResponse,
  expected: ExpectedIdToken,
  options: RevokeOptions & { readonly now: () => number },
): Promise<TokenSet> {
  const judged = loadOpenid().then(({ judgeIdToken }) => judgeIdToken(id_token, expected, options))
  const { claims, code, hint } = await judged.catch((error) => error)
  if (!code) return { ...tokens, claims }
  void revoke(tokens, options)
  return fail(code, hint)
}
