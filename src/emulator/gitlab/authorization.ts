import type { Client } from '../client.ts'
import { carry, consentPage } from '../consent-page.ts'
import { found, type Incoming, json, type Route } from '../message.ts'
import { errorPage, redirectPage } from '../pages.ts'
import { addParams } from '../redirect-uri.ts'
import { forSignedIn, protectFromForgery } from '../sign-in.ts'
import type { Account, Store } from '../store.ts'
import { mayReturnTo } from './redirect-uri.ts'
import { Refusal, statusOf } from './refusal.ts'
import { hasScopes, normalScope, sameScopes, scopeList, scopes } from './scope.ts'

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

const endpoint = '/oauth/authorize'

/** The parameters that the consent form sends again; GitLab's forgets the response mode. */
const carried = [
  'client_id',
  'redirect_uri',
  'state',
  'response_type',
  'scope',
  'nonce',
  'code_challenge',
  'code_challenge_method',
]

function readClient(params: URLSearchParams, store: Store): Client {
  const client_id = params.get('client_id')
  if (!client_id) throw new Refusal('invalid_request', { missing: 'client_id' })
  const client = store.findClient(client_id)
  if (!client) throw new Refusal('invalid_client')
  return client
}

function readResponseMode(params: URLSearchParams): 'query' | 'fragment' {
  if (!params.get('response_type')) throw new Refusal('invalid_request', { missing: 'response_type' })
  if (params.get('response_type') !== 'code') throw new Refusal('unsupported_response_type')
  const mode = params.get('response_mode') || 'query'
  if (!['query', 'fragment', 'form_post'].includes(mode)) throw new Refusal('unsupported_response_mode')
  // The page that moves on by script cannot post, so that form_post ends in the query.
  return mode === 'fragment' ? mode : 'query'
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
  if (!mayReturnTo(client, redirect_uri)) throw new Refusal('invalid_redirect_uri')
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
  const code = store.issueCode({ ...request, scope: normalScope(request.scope), account })
  return addParams(redirect_uri, { params: { code, state }, into })
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

/** Shows a refusal as a page: GitLab sends nobody back who was not asked. */
function showRefusal({ message }: Refusal, context: Incoming): Response {
  const note = 'GitLab sends nobody back from here: your application hears nothing of it.'
  return errorPage(context, { title: 'An error has occurred', message, note })
}

/** Refuses an answer to a question that was never asked: the application hears of it where the address is its own. */
function refuseAnswer({ error, message }: Refusal, { params, store }: Incoming & { store: Store }): Response {
  const client = store.findClient(params.get('client_id') ?? '')
  const redirect_uri = params.get('redirect_uri') ?? ''
  const state = params.get('state') ?? ''
  const body = { error, error_description: message, ...(state && { state }) }
  if (!client || !mayReturnTo(client, redirect_uri)) return json(body, { status: statusOf(error) })
  return found(addParams(redirect_uri, { params: body, into: 'query' }))
}

/** Runs a step for the person who is signed in, with a request that may be. */
const withRequest = (
  store: Store,
  step: (request: AuthorizationRequest, context: Incoming & { account: Account }) => Response,
  { refuse }: { refuse: (refusal: Refusal, context: Incoming & { store: Store }) => Response } = {
    refuse: showRefusal,
  },
): Route =>
  forSignedIn(endpoint, (context) => {
    try {
      return step(readAuthorizationRequest(context.params, store), context)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return refuse(error, { ...context, store })
    }
  })

/** Builds `GET /oauth/authorize`: the question, or a page that moves on by script where nothing is to be asked. */
const ask = (store: Store) =>
  withRequest(store, (request, context) => {
    const { account, params } = context
    if (skipsConsent(request, { account, store })) {
      return redirectPage(context, { location: successUri(request, { account, store }) })
    }
    const { client, redirect_uri } = request
    const asked = scopeList(request.scope).map((name) => ({ name, description: scopes[name] ?? '' }))
    const fields = carry(
      new URLSearchParams({ ...Object.fromEntries(params), scope: request.scope }),
      carried,
    )
    return consentPage(context, {
      ...{ account, client, redirect_uri, endpoint, scopes: asked, fields },
      authorize: { label: 'Authorize', action: endpoint },
      deny: { label: 'Deny', action: endpoint, more: [['_method', 'delete']] },
    })
  })

/** Builds the three verbs of `/oauth/authorize`: ask, authorize and deny. */
export const authorizationRoutes = (store: Store): Record<string, Route> => ({
  'GET /oauth/authorize': ask(store),
  'POST /oauth/authorize': protectFromForgery(
    withRequest(store, (request, { account }) => found(successUri(request, { account, store })), {
      refuse: refuseAnswer,
    }),
  ),
  'DELETE /oauth/authorize': protectFromForgery(
    withRequest(store, ({ redirect_uri, state, into }) => {
      const { error, message } = new Refusal('access_denied')
      return found(addParams(redirect_uri, { params: { error, error_description: message, state }, into }))
    }),
  ),
})
