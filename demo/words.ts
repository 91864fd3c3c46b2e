import { type Choice, isByToken } from './choice.ts'
import { describeExpiry } from './expiry.ts'
import { facts } from './forges.ts'

/** Says where the secret and the tokens are. */
export function describeWhereabouts(choice: Choice): string {
  if (choice.tokens === 'server')
    return 'The secret stays on the server; the tokens are sealed in an HttpOnly cookie that no script can read.'
  return isByToken(choice)
    ? 'There is no secret; your own token is in this browser’s IndexedDB, where this page’s scripts can use it.'
    : 'There is no secret; the tokens are in this browser’s IndexedDB, where this page’s scripts can use them.'
}

/** Says what has become of the tokens of somebody who signed out. */
export function describeFarewell(choice: Choice, { revoked }: { revoked: boolean }): string {
  const { name, revokes } = facts[choice.forge]
  if (revoked) return `${name} has confirmed it: the tokens are revoked.`
  if (isByToken(choice))
    return `The token is gone from this browser. It is good until you delete it in ${name}’s settings.`
  const gone =
    choice.tokens === 'server'
      ? 'The session is over and its cookie is gone'
      : 'The tokens are gone from this browser'
  return revokes
    ? `${gone}, but ${name} did not confirm that it revoked the tokens.`
    : `${gone}. ${name} has no way for an app to revoke tokens.`
}

/** What a call has shown of the token: until when it is good now, and whether it was another before. */
export interface Spending {
  readonly expires_at?: number | undefined
  readonly refreshed: boolean
}

/** Says whether a call needed a new token. */
export function describeSpending(
  { tokens }: Choice,
  { expires_at = Number.POSITIVE_INFINITY, refreshed }: Spending,
): string {
  const [due, done] =
    tokens === 'server'
      ? ['The server added the token, which is', 'The token was used up, so the server refreshed it first.']
      : ['No refresh was due: the token is', 'The token was used up, so it was refreshed first.']
  return refreshed ? done : `${due} ${describeExpiry(expires_at, Date.now()).toLowerCase()}.`
}
