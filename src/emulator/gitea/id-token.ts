import { avatarUrl } from '../avatar.ts'
import type { Token } from '../store.ts'
import type { Grant } from './grant.ts'
import type { Gitea, Quirk } from './profile.ts'

/** What a Gitea calls itself in OpenID Connect. */
export const issuerOf = (root: string, quirks: ReadonlySet<Quirk>): string =>
  quirks.has('issuer_with_slash') ? `${root}/` : root

/** Writes the ID token that comes with each token of a grant of `openid`, after a refresh too; else gives nothing. */
export async function idTokenOf(
  { account, client, scope, nonce }: Grant,
  { gitea, token, root }: { gitea: Gitea; token: Token; root: string },
): Promise<string | undefined> {
  const granted = scope.split(' ')
  if (gitea.profile === 'documented' || !granted.includes('openid')) return
  const { id, username, name, email } = account
  const iat = Math.floor(token.created_at / 1000)
  return gitea.signer.sign({
    ...{ iss: issuerOf(root, gitea.quirks), sub: `${id}`, aud: [client.client_id] },
    ...{ exp: iat + gitea.store.expires_in, iat },
    ...(nonce && { nonce }),
    ...(granted.includes('profile') && {
      ...{ name, preferred_username: username, profile: `${root}/${username}` },
      picture: avatarUrl(account, root),
    }),
    ...(granted.includes('email') && { email, email_verified: true }),
  })
}
