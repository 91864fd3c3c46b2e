import { found, type Incoming, type Route } from '../message.ts'
import { consentPage, errorPage, redirectPage } from '../pages.ts'
import { acceptsRedirectUri, addParams } from '../redirect-uri.ts'
import { protectFromForgery } from '../sign-in.ts'
import type { Account, Client, Store } from '../store.ts'
import { Refusal } from './refusal.ts'
import { hasScopes, sameScopes, scopeList, scopes } from './scope.ts'

/** An authorization request that may be put to a person (RFC 6749 section 4.1.1). */
interface AuthorizationRequest {
  readonly client: Client
  readonly redirect_uri: string
  readonly state: string
  readonly scope: string
  readonly into: 'query' | 'fragment'
  readonly code_challenge: string
  readonly code_challenge_method: string
}

/** The parameters that the consent form sends again, as Doorkeeper's does. */
const carried = [
  'client_id',
  'redirect_uri',
  'state',
  'response_type',
  'response_mode',
  'scope',
  'nonce',
  'code_challenge',
  'code_challenge_method',
]

function readClient(params: URLSearchParams, store: Store): Client {
  const client_id = params.get('client_id')
  if (!client_id) throw new Refusal('invalid_request', 'client_id')
  const client = store.findClient(client_id)
  if (!client) throw new Refusal('invalid_client')
  return client
}

function readResponseMode(params: URLSearchParams): 'query' | 'fragment' {
  if (!params.get('response_type')) throw new Refusal('invalid_request', 'response_type')
  if (params.get('response_type') !== 'code') throw new Refusal('unsupported_response_type')
  const mode = params.get('response_mode') || 'query'
  if (mode !== 'query' && mode !== 'fragment') throw new Refusal('unsupported_response_mode')
  return mode
}

/** Without a scope the application gets `api`, if it may have it. */
function readScope(params: URLSearchParams, client: Client): string {
  const known = client.scopes ?? Object.keys(scopes)
  const scope = params.get('scope') || 'api'
  if (!hasScopes(scope, known)) throw new Refusal('invalid_scope')
  return scope
}

/** Checks an authorization request in Doorkeeper's order, or throws a {@link Refusal}. */
function readAuthorizationRequest(params: URLSearchParams, store: Store): AuthorizationRequest {
  const client = readClient(params, store)
  const redirect_uri = params.get('redirect_uri') ?? ''
  if (!acceptsRedirectUri(client, redirect_uri)) throw new Refusal('invalid_redirect_uri')
  const into = readResponseMode(params)
  const scope = readScope(params, client)
  const code_challenge = params.get('code_challenge') ?? ''
  const code_challenge_method = params.get('code_challenge_method') ?? ''
  const known = code_challenge_method === 'S256' || code_challenge_method === 'plain'
  if (code_challenge && !known) throw new Refusal('invalid_code_challenge_method')
  const state = params.get('state') ?? ''
  return { client, redirect_uri, state, scope, into, code_challenge, code_challenge_method }
}

/** The address that takes a fresh code to the application (RFC 6749 section 4.1.2). */
function successUri(
  request: AuthorizationRequest,
  { account, store }: { account: Account; store: Store },
): string {
  const { redirect_uri, state, into } = request
  return addParams(redirect_uri, { params: { code: store.issueCode({ ...request, account }), state }, into })
}

/** Nobody is asked about a trusted application, or about a confidential one that has these scopes already. */
function skipsConsent(
  { client, scope }: AuthorizationRequest,
  { account, store }: { account: Account; store: Store },
) {
  if (client.trusted) return true
  const matches = store.findToken(
    (token) =>
      token.client === client &&
      token.account === account &&
      !token.revoked &&
      sameScopes(token.scope, scope),
  )
  return client.client_secret !== undefined && matches !== undefined
}

/** Runs a step for the person who is signed in, and shows every refusal as a page: GitLab redirects none of them. */
const withRequest =
  (
    store: Store,
    step: (request: AuthorizationRequest, context: Incoming & { account: Account }) => Response,
  ): Route =>
  (incoming) => {
    const { params, root, visitor } = incoming
    if (!visitor.account) {
      visitor.return_to = `/oauth/authorize?${params}`
      return found(`${root}/users/sign_in`)
    }
    try {
      return step(readAuthorizationRequest(params, store), { ...incoming, account: visitor.account })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const note = 'GitLab sends nobody back from here: your application hears nothing of it.'
      return errorPage(incoming, { title: 'An error has occurred', message: error.message, note })
    }
  }

/** Builds `GET /oauth/authorize`: the question, or a page that moves on by script where nothing is to be asked. */
const ask = (store: Store) =>
  withRequest(store, (request, context) => {
    const { account, params } = context
    if (skipsConsent(request, { account, store })) {
      return redirectPage(context, { location: successUri(request, { account, store }) })
    }
    const { client, redirect_uri } = request
    const asked = scopeList(request.scope).map((name) => ({ name, description: scopes[name] ?? '' }))
    const fields = carried.map((name) => [name, params.get(name) ?? ''] as const).filter(([, value]) => value)
    return consentPage(context, { account, client, redirect_uri, scopes: asked, fields })
  })

/** Builds the three verbs of `/oauth/authorize`: ask, authorize and deny. */
export const authorizationRoutes = (store: Store): Record<string, Route> => ({
  'GET /oauth/authorize': ask(store),
  'POST /oauth/authorize': protectFromForgery(
    withRequest(store, (request, { account }) => found(successUri(request, { account, store }))),
  ),
  'DELETE /oauth/authorize': protectFromForgery(
    withRequest(store, ({ redirect_uri, state, into }) => {
      const { error, message } = new Refusal('access_denied')
      return found(addParams(redirect_uri, { params: { error, error_description: message, state }, into }))
    }),
  ),
})
