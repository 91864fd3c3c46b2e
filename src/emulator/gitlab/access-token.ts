import type { Incoming } from '../message.ts'
import type { Credential, Store, Token } from '../store.ts'

/** Reads an access token from where Doorkeeper looks for one, in its order (RFC 6750 section 2). */
const readToken = ({ headers, params }: Incoming): string =>
  params.get('access_token') ||
  /^Bearer (.*)$/i.exec(headers.get('authorization') ?? '')?.[1] ||
  params.get('bearer_token') ||
  ''

/** Finds the token that a request shows. */
export const findToken = (incoming: Incoming, store: Store): Token | undefined => {
  const value = readToken(incoming)
  return store.findToken(({ access_token }) => access_token === value)
}

/** Finds what an API request shows: a personal access token may stand in a header or parameter of its own, or where others do. */
export const findCredential = (incoming: Incoming, store: Store): Credential | undefined => {
  const { headers, params } = incoming
  const personal = headers.get('private-token') || params.get('private_token')
  return personal ? store.findPersonalToken(personal) : store.findCredential(readToken(incoming))
}

/** Tells whether a token still works. */
export const isLive = (token: Credential, store: Store): boolean =>
  !token.revoked && store.now() <= token.expires_at
