import type { Client } from '../client.ts'
import { carry, consentPage } from '../consent-page.ts'
import { found, type Incoming, type Route, seeOther } from '../message.ts'
import { errorPage } from '../pages.ts'
import { Refusal, refusable } from '../refusal.ts'
import { forSignedIn, protectFromForgery } from '../sign-in.ts'
import type { Account, Code } from '../store.ts'
import type { Gitea } from './profile.ts'
import { isRegistered, withQuery } from './redirect-uri.ts'
import { describeScope } from './scope.ts'

const endpoint = '/login/oauth/authorize'
const carried = [
  'client_id',
  'redirect_uri',
  'response_type',
  'state',
  'scope',
  'nonce',
  'code_challenge',
  'code_challenge_method',
]

type SignedIn = Incoming & { readonly account: Account }
type Pkce = Pick<Code, 'code_challenge' | 'code_challenge_method'>
type Asking = Pick<Code, 'client' | 'redirect_uri'>

const leave = ({ profile }: Gitea) => (profile === 'documented' ? found : seeOther)

/** Finds who asks, and where they may be sent back to. */
function readAsking({ params }: Incoming, gitea: Gitea): Asking {
  const client = gitea.store.findClient(params.get('client_id') ?? '')
  if (!client) throw new Refusal('unauthorized_client', 'Client ID not registered')
  const redirect_uri = params.get('redirect_uri') ?? ''
  if (!isRegistered(client, redirect_uri, gitea))
    throw new Refusal('invalid_request', 'Unregistered Redirect URI')
  return { client, redirect_uri }
}

/** Reads the challenge (RFC 7636 section 4.3), or throws what is sent to the application. */
function readPkce({ params }: Incoming, { client, gitea }: { client: Client; gitea: Gitea }): Pkce {
  if (params.get('response_type') !== 'code')
    throw new Refusal('unsupported_response_type', 'Only code response type is supported.')
  const code_challenge_method = params.get('code_challenge_method') ?? ''
  if (!['', 'plain', 'S256'].includes(code_challenge_method))
    throw new Refusal('invalid_request', 'unsupported code challenge method')
  if (gitea.profile === 'current' && !client.client_secret && !code_challenge_method)
    throw new Refusal('invalid_request', 'PKCE is required for public clients')
  return { code_challenge: params.get('code_challenge') ?? '', code_challenge_method }
}

/** Runs a step of an application that may ask; unlike other errors, a wrong sender or address gets a page. */
const withRequest = (gitea: Gitea, step: (incoming: SignedIn, request: Asking & Pkce) => Response): Route => {
  const judged = (asking: Asking) =>
    refusable<SignedIn>(
      (incoming) => step(incoming, { ...asking, ...readPkce(incoming, { client: asking.client, gitea }) }),
      ({ error, message }, { params }) => {
        const answer = { error, error_description: message, state: params.get('state') ?? '' }
        return leave(gitea)(withQuery(asking.redirect_uri, answer))
      },
    )
  return forSignedIn(
    endpoint,
    refusable<SignedIn>(
      (incoming) => judged(readAsking(incoming, gitea))(incoming),
      ({ message }, incoming) => errorPage(incoming, { title: 'Authorization failed', message, status: 400 }),
    ),
  )
}

/** The old Gitea puts the method, then the challenge, under one key of the session, and under S256 neither. */
function remembered({ code_challenge, code_challenge_method }: Pkce, { quirks }: Gitea): Pkce {
  if (code_challenge_method === 'plain' && quirks.has('plain_lost'))
    return { code_challenge: '', code_challenge_method: code_challenge }
  if (code_challenge_method === 'S256' && quirks.has('s256_lost'))
    return { code_challenge: '', code_challenge_method: '' }
  return { code_challenge, code_challenge_method }
}

/** The scope that is asked for; in old times there was none. */
const askedScope = ({ params }: SignedIn, { profile }: Gitea): string =>
  profile === 'documented' ? '' : (params.get('scope') ?? '')

/** The scope that is noted; where it is fixed, what was agreed to first. */
function scopeOf(incoming: SignedIn, { gitea, client }: { gitea: Gitea; client: Client }): string {
  const { quirks, grants } = gitea
  const before = quirks.has('fixed_scope') ? grants.find(client, incoming.account)?.scope : undefined
  return before ?? askedScope(incoming, gitea)
}

/** Notes what was agreed to, and takes a fresh code to the application. */
function grantCode(incoming: SignedIn, context: { gitea: Gitea; code: Asking & Pkce }): Response {
  const { gitea, code } = context
  const scope = scopeOf(incoming, { gitea, client: code.client })
  const { account, params } = incoming
  gitea.grants.give({ client: code.client, account, scope, nonce: params.get('nonce') ?? '' })
  const state = params.get('state')
  const lifetime = gitea.quirks.has('lasting_codes') ? Number.POSITIVE_INFINITY : undefined
  const value = gitea.store.issueCode({ ...code, account, scope }, lifetime)
  return leave(gitea)(withQuery(code.redirect_uri, { code: value, ...(state && { state }) }))
}

/** Who has agreed is not asked again; a public client of today is, as anyone can name it (RFC 6749 section 10.2). */
function skipsConsent(client: Client, { account, gitea }: { account: Account; gitea: Gitea }): boolean {
  const known = gitea.profile === 'documented' || client.client_secret !== undefined || client.trusted
  return known === true && gitea.grants.find(client, account) !== undefined
}

const ask = (gitea: Gitea) =>
  withRequest(gitea, (incoming, request) => {
    const { account, params } = incoming
    const { client, redirect_uri } = request
    if (skipsConsent(client, { account, gitea })) return grantCode(incoming, { gitea, code: request })
    const action = '/login/oauth/grant'
    return consentPage(incoming, {
      ...{ account, client, redirect_uri, endpoint, fields: carry(params, carried) },
      scopes: describeScope(params.get('scope') ?? '', gitea),
      authorize: { label: 'Authorize', action, more: [['granted', 'true']] },
      // The old page has nothing but a link, which tells the application nothing.
      deny: gitea.quirks.has('bare_cancel')
        ? { label: 'Cancel', href: redirect_uri }
        : { label: 'Cancel', action },
    })
  })

const answer = (gitea: Gitea) =>
  withRequest(gitea, (incoming, request) => {
    const { params } = incoming
    if (params.get('granted') !== 'true') throw new Refusal('access_denied', 'the request is denied')
    if (scopeOf(incoming, { gitea, client: request.client }) !== askedScope(incoming, gitea))
      throw new Refusal('server_error', 'a grant exists with different scope')
    return grantCode(incoming, { gitea, code: { ...request, ...remembered(request, gitea) } })
  })

/** Builds the routes of the question and of its answer. */
export const authorizationRoutes = (gitea: Gitea): Record<string, Route> => ({
  [`GET ${endpoint}`]: ask(gitea),
  [`POST ${endpoint}`]: ask(gitea),
  'POST /login/oauth/grant': protectFromForgery(answer(gitea)),
})
