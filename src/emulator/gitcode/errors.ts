import { badGateway } from '../bad-gateway.ts'
import { type Incoming, json } from '../message.ts'
import { errorPage } from '../pages.ts'
import type { Refusal } from '../refusal.ts'

/**
 * How errors of the token endpoint look, which GitCode does not document: `oauth` as RFC 6749 has them, `message` as its API
 * has them, `html` as the page of a gateway.
 */
export type GitCodeErrors = 'oauth' | 'message' | 'html'

/** How GitCode's API refuses; this is documented. */
export const unauthorized = (): Response => json({ message: '401 Unauthorized' }, { status: 401 })

/** Answers a refused token request; every shape and status is assumed. */
export function refuseCall(refusal: Refusal, errors: GitCodeErrors): Response {
  if (errors === 'html') return badGateway()
  if (errors === 'message') return unauthorized()
  const { error, message } = refusal
  if (error === 'invalid_client') return json({ error }, { status: 401 })
  return json({ error, error_description: message }, { status: 400 })
}

/** Shows an authorization request that leads nowhere; assumed. */
export const refusalPage = (incoming: Incoming, { message }: Refusal): Response =>
  errorPage(incoming, { title: 'This application cannot be authorized', message, status: 400 })
