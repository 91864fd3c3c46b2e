import { carry, consentPage } from '../consent-page.ts'
import { found, type Incoming, json, type Route } from '../message.ts'
import { errorPage, redirectPage } from '../pages.ts'
import { randomHex } from '../random.ts'
import { addParams } from '../redirect-uri.ts'
import { forSignedIn, protectFromForgery } from '../sign-in.ts'
import type { Account, Store } from '../store.ts'
import { type AuthorizationRequest, readAuthorizationRequest } from './authorization-request.ts'
import type { GitLab } from './profile.ts'
import { mayReturnTo } from './redirect-uri.ts'
import { Refusal, statusOf } from './refusal.ts'
import { normalScope, sameScopes, scopeList, scopes } from './scope.ts'

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

/** The address that takes a token itself to the application (RFC 6749 section 4.2.2), in the order GitLab's page shows. */
function implicitUri(
  request: AuthorizationRequest,
  { account, store }: { account: Account; store: Store },
): string {
  const { client, redirect_uri, state, into } = request
  const owner = { client, account, scope: normalScope(request.scope) }
  const { access_token } = store.issueToken(owner, { access_token: randomHex(32), refresh_token: '' })
  const params = { access_token, state, token_type: 'bearer', expires_in: `${store.expires_in}` }
  return addParams(redirect_uri, { params, into })
}

/** The address that takes a fresh code to the application (RFC 6749 section 4.1.2), or what it has asked for instead. */
function successUri(
  request: AuthorizationRequest,
  { account, store }: { account: Account; store: Store },
): string {
  if (request.response_type === 'token') return implicitUri(request, { account, store })
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
  gitlab: GitLab,
  step: (request: AuthorizationRequest, context: Incoming & { account: Account }) => Response,
  { refuse }: { refuse: (refusal: Refusal, context: Incoming & { store: Store }) => Response } = {
    refuse: showRefusal,
  },
): Route =>
  forSignedIn(endpoint, (context) => {
    try {
      return step(readAuthorizationRequest(context.params, gitlab), context)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return refuse(error, { ...context, store: gitlab.store })
    }
  })

/** Builds `GET /oauth/authorize`: the question, or a page that moves on by script where nothing is to be asked. */
const ask = (gitlab: GitLab) =>
  withRequest(gitlab, (request, context) => {
    const { account, params } = context
    const { store } = gitlab
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
export const authorizationRoutes = (gitlab: GitLab): Record<string, Route> => ({
  'GET /oauth/authorize': ask(gitlab),
  'POST /oauth/authorize': protectFromForgery(
    withRequest(
      gitlab,
      (request, { account }) => found(successUri(request, { account, store: gitlab.store })),
      {
        refuse: refuseAnswer,
      },
    ),
  ),
  'DELETE /oauth/authorize': protectFromForgery(
    withRequest(gitlab, ({ redirect_uri, state, into }) => {
      const { error, message } = new Refusal('access_denied')
      return found(addParams(redirect_uri, { params: { error, error_description: message, state }, into }))
    }),
  ),
})
