import type { Client } from '../client.ts'
import { carry, consentPage } from '../consent-page.ts'
import { found, type Incoming, type Route } from '../message.ts'
import { acceptsRedirectUri, addParams } from '../redirect-uri.ts'
import { Refusal, refusable } from '../refusal.ts'
import { forSignedIn, protectFromForgery } from '../sign-in.ts'
import type { Account, Store } from '../store.ts'
import { refusalPage } from './errors.ts'
import { describeScope, everything } from './scope.ts'

const endpoint = '/oauth/authorize'
const carried = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state']

type SignedIn = Incoming & { readonly account: Account }

/** An authorization request that may be put to a person. */
interface Asking {
  readonly client: Client
  readonly redirect_uri: string
}

/** Finds who asks, and where they may be sent back to; assumed: who is wrong here gets a page. */
function readAsking({ params }: Incoming, store: Store): Asking {
  const client = store.findClient(params.get('client_id') ?? '')
  if (!client) throw new Refusal('invalid_client', 'There is no application with this client_id.')
  const redirect_uri = params.get('redirect_uri') ?? ''
  if (!acceptsRedirectUri(client, redirect_uri))
    throw new Refusal('invalid_request', 'The redirect_uri is not the one of the application.')
  return { client, redirect_uri }
}

/** Sends the person back to the application (RFC 6749 section 4.1.2). */
function sendBack({ params }: Incoming, to: { redirect_uri: string; answer: Record<string, string> }) {
  const all = { ...to.answer, state: params.get('state') ?? '' }
  return found(addParams(to.redirect_uri, { params: all, into: 'query' }))
}

/** Runs a step of an application that may ask; assumed: a wrong response_type goes back to it. */
const withRequest = (store: Store, step: (incoming: SignedIn, asking: Asking) => Response): Route =>
  forSignedIn(
    endpoint,
    refusable<SignedIn>(
      (incoming) => {
        const asking = readAsking(incoming, store)
        if (incoming.params.get('response_type') === 'code') return step(incoming, asking)
        const { redirect_uri } = asking
        return sendBack(incoming, { redirect_uri, answer: { error: 'unsupported_response_type' } })
      },
      (refusal, incoming) => refusalPage(incoming, refusal),
    ),
  )

const ask = (store: Store) =>
  withRequest(store, (incoming, { client, redirect_uri }) => {
    const { account, params } = incoming
    return consentPage(incoming, {
      ...{ account, client, redirect_uri, endpoint, fields: carry(params, carried) },
      scopes: describeScope(params.get('scope') || everything),
      authorize: { label: 'Authorize', action: endpoint },
      deny: { label: 'Deny', action: endpoint, more: [['denied', 'true']] },
    })
  })

const answer = (store: Store) =>
  withRequest(store, (incoming, { client, redirect_uri }) => {
    const { account, params } = incoming
    // Assumed: what RFC 6749 section 4.1.2.1 has for a denial.
    if (params.has('denied')) return sendBack(incoming, { redirect_uri, answer: { error: 'access_denied' } })
    const bound = { client, account, redirect_uri, scope: params.get('scope') || everything }
    // PKCE is not documented, so a challenge binds nothing.
    const code = store.issueCode({ ...bound, code_challenge: '', code_challenge_method: '' })
    return sendBack(incoming, { redirect_uri, answer: { code } })
  })

/** Builds the routes of the question and of its answer; assumed: it is asked each time. */
export const authorizationRoutes = (store: Store): Record<string, Route> => ({
  [`GET ${endpoint}`]: ask(store),
  [`POST ${endpoint}`]: protectFromForgery(answer(store)),
})
