import type { Incoming } from '../message.ts'
import type { Token } from '../store.ts'
import type { GitLab } from './profile.ts'
import { scopeList } from './scope.ts'
import { legacySubject } from './userinfo.ts'

/** Seconds that an ID token lives: Doorkeeper's default. */
const lifetime = 120

/** Writes the ID token that comes with a token of the scope `openid`, in Doorkeeper's order of claims; else gives nothing. */
export async function idTokenOf(
  token: Token,
  { gitlab, incoming }: { gitlab: GitLab; incoming: Incoming },
): Promise<string | undefined> {
  const { account, client, created_at } = token
  const granted = scopeList(token.scope)
  if (!granted.includes('openid')) return
  const { params, root } = incoming
  // A refresh knows none.
  const nonce = gitlab.store.findCode(params.get('code') ?? '')?.nonce
  const iat = Math.floor(created_at / 1000)
  return gitlab.signer.sign({
    ...{ iss: root, sub: `${account.id}`, aud: client.client_id, exp: iat + lifetime, iat },
    ...(nonce && { nonce }),
    auth_time: iat,
    sub_legacy: await legacySubject(account.id),
    ...(granted.includes('email') && { email: account.email, email_verified: true }),
  })
}
