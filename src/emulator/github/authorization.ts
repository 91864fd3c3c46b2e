import type { Client } from '../client.ts'
import { carry, consentPage } from '../consent-page.ts'
import { found, type Incoming, type Route } from '../message.ts'
import { errorPage } from '../pages.ts'
import { acceptsRedirectUri, addParams } from '../redirect-uri.ts'
import { Refusal, refusable } from '../refusal.ts'
import { forSignedIn, protectFromForgery } from '../sign-in.ts'
import type { Account, Code, Store } from '../store.ts'
import { describe, refusal } from './refusal.ts'
import { knownScopes, scopes } from './scope.ts'

const endpoint = '/login/oauth/authorize'
const carried = ['client_id', 'redirect_uri', 'scope', 'state', 'code_challenge', 'code_challenge_method']

type SignedIn = Incoming & { readonly account: Account }
type Asking = Omit<Code, 'account'>

/** Sends the person back to the application. */
function sendBack({ params }: Incoming, to: { redirect_uri: string; answer: Record<string, string> }) {
  const { iss = '', ...answer } = to.answer
  const all = { ...answer, state: params.get('state') ?? '', iss }
  return found(addParams(to.redirect_uri, { params: all, into: 'query' }))
}

/** The address of the registration, if it has one. */
const registered = ({ redirect_uris }: Client): string =>
  (redirect_uris === 'loopback' ? undefined : redirect_uris[0]) ?? ''

/** Finds who asks; an unknown application is a page that is not there. */
function readClient({ params }: Incoming, store: Store): Client {
  const client = store.findClient(params.get('client_id') ?? '')
  if (!client) throw new Refusal('not_found', 'There is no application with this client_id.')
  return client
}

/** Reads the address, which is the registered one if none is given, or throws what is sent to the registered one. */
function readRedirectUri({ params }: Incoming, client: Client): string {
  const redirect_uri = params.get('redirect_uri') || registered(client)
  if (!acceptsRedirectUri(client, redirect_uri)) throw refusal('redirect_uri_mismatch')
  return redirect_uri
}

/** Reads the challenge (RFC 7636 section 4.3); S256 is all there is. */
function readPkce({ params }: Incoming): Pick<Code, 'code_challenge' | 'code_challenge_method'> {
  const code_challenge = params.get('code_challenge') ?? ''
  const code_challenge_method = params.get('code_challenge_method') ?? ''
  if (code_challenge && code_challenge_method !== 'S256') throw refusal('invalid_request')
  return { code_challenge, code_challenge_method }
}

/** Takes a refusal to an address of the application, or shows it where none is registered. */
function refuse(refused: Refusal, incoming: Incoming, { redirect_uri }: { redirect_uri: string }): Response {
  if (redirect_uri) return sendBack(incoming, { redirect_uri, answer: describe(refused) })
  return errorPage(incoming, { title: 'Be careful!', message: refused.message, status: 400 })
}

/** Runs a step of an application that may ask. */
const withRequest = (store: Store, step: (incoming: SignedIn, request: Asking) => Response): Route => {
  const judged = (client: Client, redirect_uri: string) =>
    refusable<SignedIn>(
      (incoming) => {
        const scope = knownScopes(incoming.params.get('scope') ?? '').join(' ')
        return step(incoming, { client, redirect_uri, scope, ...readPkce(incoming) })
      },
      (refused, incoming) => refuse(refused, incoming, { redirect_uri }),
    )
  const addressed = (client: Client) =>
    refusable<SignedIn>(
      (incoming) => judged(client, readRedirectUri(incoming, client))(incoming),
      (refused, incoming) => refuse(refused, incoming, { redirect_uri: registered(client) }),
    )
  return forSignedIn(
    endpoint,
    refusable<SignedIn>(
      (incoming) => addressed(readClient(incoming, store))(incoming),
      ({ message }, incoming) => errorPage(incoming, { title: '404: Not found', message, status: 404 }),
    ),
  )
}

/** Takes a fresh code to the application, and says who gave it (RFC 9207 section 2). */
function grantCode(incoming: SignedIn, { request, store }: { request: Asking; store: Store }): Response {
  const code = store.issueCode({ ...request, account: incoming.account })
  const answer = { code, iss: `${incoming.root}/login/oauth` }
  return sendBack(incoming, { redirect_uri: request.redirect_uri, answer })
}

/** Nobody is asked again about what an application may do already. */
const skipsConsent = ({ client, scope }: Asking, { account, store }: { account: Account; store: Store }) =>
  store.findToken(
    (token) =>
      token.client === client &&
      token.account === account &&
      !token.revoked &&
      knownScopes(scope).every((name) => knownScopes(token.scope).includes(name)),
  ) !== undefined

const ask = (store: Store) =>
  withRequest(store, (incoming, request) => {
    const { account, params } = incoming
    if (skipsConsent(request, { account, store })) return grantCode(incoming, { request, store })
    const { client, redirect_uri, scope } = request
    const asked = knownScopes(scope).map((name) => ({ name, description: scopes[name] ?? '' }))
    const publicOnly = { name: 'public', description: 'Read what everyone can read of you.' }
    return consentPage(incoming, {
      ...{ account, client, redirect_uri, endpoint, fields: carry(params, carried) },
      scopes: asked.length > 0 ? asked : [publicOnly],
      authorize: { label: 'Authorize', action: endpoint },
      deny: { label: 'Cancel', action: endpoint, more: [['denied', 'true']] },
    })
  })

const answer = (store: Store) =>
  withRequest(store, (incoming, request) => {
    if (incoming.params.has('denied')) throw refusal('access_denied')
    return grantCode(incoming, { request, store })
  })

/** Builds the routes of the question and of its answer. */
export const authorizationRoutes = (store: Store): Record<string, Route> => ({
  [`GET ${endpoint}`]: ask(store),
  [`POST ${endpoint}`]: protectFromForgery(answer(store)),
})
