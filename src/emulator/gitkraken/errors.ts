import { badGateway } from '../bad-gateway.ts'
import { type Incoming, json } from '../message.ts'
import { errorPage } from '../pages.ts'
import type { Refusal } from '../refusal.ts'

/**
 * How errors look that GitKraken never documented, so that a client can be shown to cope with each: `oauth` as RFC 6749 has
 * them, `message` as many APIs do, `html` as the page of a gateway.
 */
export type GitKrakenErrors = 'oauth' | 'message' | 'html'

/** Answers a refused call of the token endpoint or the API; every shape and status is assumed. */
export function refuseCall(
  refusal: Refusal,
  { errors, status }: { errors: GitKrakenErrors; status: number },
) {
  if (errors === 'html') return badGateway()
  if (errors === 'oauth') return json({ error: refusal.error }, { status })
  return json({ message: refusal.message }, { status: status === 400 ? 401 : status })
}

/** Shows an authorization request that leads nowhere; assumed. */
export const refusalPage = (incoming: Incoming, { message }: Refusal): Response =>
  errorPage(incoming, { title: 'This application cannot be authorized', message, status: 400 })
