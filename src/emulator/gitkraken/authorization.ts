import type { Client } from '../client.ts'
import { carry, consentPage } from '../consent-page.ts'
import { found, type Incoming, type Route } from '../message.ts'
import { addParams } from '../redirect-uri.ts'
import { Refusal, refusable } from '../refusal.ts'
import { forSignedIn, protectFromForgery } from '../sign-in.ts'
import type { Account, Store } from '../store.ts'
import { type GitKrakenErrors, refusalPage } from './errors.ts'
import { readScopes, scopes } from './scope.ts'

const endpoint = '/oauth/authorize'
const carried = ['response_type', 'client_id', 'scope', 'state']

type SignedIn = Incoming & { readonly account: Account }

/** The one address of an application; the request has no say in it. */
function callbackOf({ redirect_uris }: Client, root: string): string {
  const [uri = ''] = redirect_uris
  return new URL(uri, root).href
}

/** Sends the person back to the application (RFC 6749 section 4.1.2). */
function sendBack(
  { params, root }: Incoming,
  { client, answer }: { client: Client; answer: Record<string, string> },
): Response {
  const all = { ...answer, state: params.get('state') ?? '' }
  return found(addParams(callbackOf(client, root), { params: all, into: 'query' }))
}

/** Finds who asks; assumed: an unknown application gets a page, as there is nowhere to send an error to. */
function readClient({ params }: Incoming, store: Store): Client {
  const client = store.findClient(params.get('client_id') ?? '')
  if (!client) throw new Refusal('invalid_client', 'There is no application with this client_id.')
  return client
}

/** Checks the rest of the request, or throws what is sent to the application. */
function readScope({ params }: Incoming): readonly string[] {
  if (params.get('response_type') !== 'code')
    throw new Refusal('unsupported_response_type', 'The response_type must be code.')
  const names = readScopes(params.get('scope') ?? '')
  if (!names) throw new Refusal('invalid_scope', 'The scope is missing or names none of GitKraken.')
  return names
}

/** Runs a step of an application that may ask; assumed: without a scope it gets an error, or the person a page. */
const withRequest = (
  context: { store: Store; errors: GitKrakenErrors },
  step: (incoming: SignedIn, request: { client: Client; asked: readonly string[] }) => Response,
): Route => {
  const judged = (client: Client) =>
    refusable<SignedIn>(
      (incoming) => step(incoming, { client, asked: readScope(incoming) }),
      (refusal, incoming) =>
        context.errors === 'oauth'
          ? sendBack(incoming, { client, answer: { error: refusal.error } })
          : refusalPage(incoming, refusal),
    )
  return forSignedIn(
    endpoint,
    refusable<SignedIn>(
      (incoming) => judged(readClient(incoming, context.store))(incoming),
      (refusal, incoming) => refusalPage(incoming, refusal),
    ),
  )
}

/** Builds the routes of the question; assumed: it is asked each time, and denying sends back `access_denied`. */
export function authorizationRoutes(store: Store, errors: GitKrakenErrors): Record<string, Route> {
  const context = { store, errors }
  return {
    [`GET ${endpoint}`]: withRequest(context, (incoming, { client, asked }) =>
      consentPage(incoming, {
        ...{ account: incoming.account, client, endpoint, fields: carry(incoming.params, carried) },
        redirect_uri: callbackOf(client, incoming.root),
        scopes: asked.map((name) => ({ name, description: scopes[name] ?? '' })),
        authorize: { label: 'Authorize', action: endpoint },
        deny: { label: 'Deny', action: endpoint, more: [['denied', 'true']] },
      }),
    ),
    [`POST ${endpoint}`]: protectFromForgery(
      withRequest(context, (incoming, { client, asked }) => {
        const { account, params } = incoming
        if (params.has('denied')) return sendBack(incoming, { client, answer: { error: 'access_denied' } })
        const bound = { client, account, scope: asked.join(' '), redirect_uri: '' }
        const code = store.issueCode({ ...bound, code_challenge: '', code_challenge_method: '' })
        return sendBack(incoming, { client, answer: { code } })
      }),
    ),
  }
}
