import type { Client } from '../client.ts'
import { carry, consentPage } from '../consent-page.ts'
import { found, type Incoming, type Route } from '../message.ts'
import { errorPage, verifierPage } from '../pages.ts'
import { acceptsRedirectUri, addParams } from '../redirect-uri.ts'
import { Refusal, refusable } from '../refusal.ts'
import { forSignedIn, protectFromForgery } from '../sign-in.ts'
import type { Account } from '../store.ts'
import type { GitShare } from './profile.ts'
import { everything, readScopes, scopes } from './scope.ts'

/** The slash at the end belongs to it. */
export const endpoint = '/oauth2/authorize/'
const carried = ['client_id', 'response_type', 'redirect_uri', 'scope', 'state']

type SignedIn = Incoming & { readonly account: Account }

/** An authorization request that may be put to a person; without an address the verifier is shown to them. */
interface Asking {
  readonly client: Client
  readonly redirect_uri: string
}

/** Finds who asks, and where they may be sent back to; who is wrong here gets a page. */
function readAsking({ params }: Incoming, { store }: GitShare): Asking {
  const client_id = params.get('client_id')
  if (!client_id) throw new Refusal('invalid_request', 'Missing client_id parameter.')
  const client = store.findClient(client_id)
  if (!client) throw new Refusal('invalid_request', 'Invalid client_id parameter value.')
  const redirect_uri = params.get('redirect_uri') ?? ''
  if (redirect_uri && !acceptsRedirectUri(client, redirect_uri))
    throw new Refusal('invalid_request', 'Mismatching redirect URI.')
  return { client, redirect_uri }
}

/** Checks the rest of the request, or throws what is sent to the application. */
function readScope({ params }: Incoming): readonly string[] {
  if (!params.get('response_type')) throw new Refusal('invalid_request', 'Missing response_type parameter.')
  if (params.get('response_type') !== 'code')
    throw new Refusal('unsupported_response_type', 'The response_type must be code.')
  const names = readScopes(params.get('scope') || everything)
  if (!names) throw new Refusal('invalid_scope', 'The scope names none of GitShare.')
  return names
}

const refusalPage = (incoming: Incoming, { message }: Refusal): Response =>
  errorPage(incoming, { title: 'Error', message, status: 400 })

/** Takes a refusal to the application, without a word beside its code, or to the person if there is no address. */
function refuse(refusal: Refusal, incoming: Incoming, { redirect_uri }: Asking): Response {
  if (!redirect_uri) return refusalPage(incoming, refusal)
  const params = { error: refusal.error, state: incoming.params.get('state') ?? '' }
  return found(addParams(redirect_uri, { params, into: 'query' }))
}

/** Runs a step of an application that may ask. */
const withRequest = (
  gitshare: GitShare,
  step: (incoming: SignedIn, request: Asking & { names: readonly string[] }) => Response,
): Route => {
  const judged = (asking: Asking) =>
    refusable<SignedIn>(
      (incoming) => step(incoming, { ...asking, names: readScope(incoming) }),
      (refusal, incoming) => refuse(refusal, incoming, asking),
    )
  return forSignedIn(
    endpoint,
    refusable<SignedIn>(
      (incoming) => judged(readAsking(incoming, gitshare))(incoming),
      (refusal, incoming) => refusalPage(incoming, refusal),
    ),
  )
}

const ask = (gitshare: GitShare) =>
  withRequest(gitshare, (incoming, { client, redirect_uri, names }) =>
    consentPage(incoming, {
      ...{ account: incoming.account, client, endpoint, fields: carry(incoming.params, carried) },
      ...(redirect_uri && { redirect_uri }),
      scopes: names.map((name) => ({ name, description: scopes[name] ?? '' })),
      authorize: { label: 'Authorize', action: endpoint },
      deny: { label: 'Cancel', action: endpoint, more: [['denied', 'true']] },
    }),
  )

/** How long a code lives, in seconds. */
const codeLifetime = 60

const answer = (gitshare: GitShare) =>
  withRequest(gitshare, (incoming, { client, redirect_uri, names }) => {
    const { account, params } = incoming
    if (params.has('denied')) throw new Refusal('access_denied', 'You have not let the application in.')
    const bound = { client, account, redirect_uri, scope: names.join(' ') }
    // PKCE is not documented, so a challenge binds nothing.
    const unbound = { code_challenge: '', code_challenge_method: '' }
    const code = gitshare.store.issueCode({ ...bound, ...unbound }, codeLifetime)
    if (!redirect_uri) return verifierPage(incoming, { verifier: code, application: client.name })
    const state = params.get('state') ?? ''
    return found(addParams(redirect_uri, { params: { code, state }, into: 'query' }))
  })

/** Builds the routes of the question and of its answer; it is asked each time. */
export const authorizationRoutes = (gitshare: GitShare): Record<string, Route> => ({
  [`GET ${endpoint}`]: ask(gitshare),
  [`POST ${endpoint}`]: protectFromForgery(answer(gitshare)),
})
