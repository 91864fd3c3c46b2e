import { avatarUrl } from '../avatar.ts'
import { type Incoming, json, type Route } from '../message.ts'
import type { Account, Store, Token } from '../store.ts'
import { challenge, Refusal, refuse } from './refusal.ts'
import { scopeList } from './scope.ts'

/** Reads an access token from where Doorkeeper looks for one, in its order (RFC 6750 section 2). */
const readToken = ({ headers, params }: Incoming): string =>
  params.get('access_token') ||
  /^Bearer (.*)$/i.exec(headers.get('authorization') ?? '')?.[1] ||
  params.get('bearer_token') ||
  ''

const findToken = (incoming: Incoming, store: Store): Token | undefined => {
  const value = readToken(incoming)
  return store.findToken(({ access_token }) => access_token === value)
}

const isLive = (token: Token, store: Store): boolean => !token.revoked && store.now() <= token.expires_at

/** Answers as the API's guard does; the text stands in the header too, which CORS does not expose. */
function guarded(
  status: 401 | 403,
  body: { error: string; error_description: string; scope?: string },
): Response {
  const { error, error_description } = body
  const header = `Bearer realm="Protected by OAuth 2.0", error="${error}", error_description="${error_description}"`
  return json(body, { status, headers: status === 401 ? { 'www-authenticate': header } : {} })
}

/** Says what is wrong with the token of an API request, if anything is. */
function objection(token: Token | undefined, { store, needs }: { store: Store; needs: readonly string[] }) {
  if (!token) return json({ message: '401 Unauthorized' }, { status: 401 })
  const expired = 'Token is expired. You can either do re-authorization or token refresh.'
  const revoked = 'Token was revoked. You have to re-authorize from the user.'
  // What has ended is told before what it was not for, so that a client knows to refresh.
  if (!isLive(token, store))
    return guarded(401, { error: 'invalid_token', error_description: token.revoked ? revoked : expired })
  if (scopeList(token.scope).some((scope) => needs.includes(scope))) return
  const error_description = 'The request requires higher privileges than provided by the access token.'
  return guarded(403, { error: 'insufficient_scope', error_description, scope: needs.join(' ') })
}

const userBody = (account: Account, root: string) => ({
  id: account.id,
  username: account.username,
  public_email: '',
  name: account.name,
  state: 'active',
  locked: false,
  avatar_url: avatarUrl(account, root),
  web_url: `${root}/${account.username}`,
  created_at: '2024-02-29T09:30:00.000Z',
  bio: '',
  email: account.email,
})

const samples = [
  {
    path: 'lantern',
    name: 'Lantern',
    description: 'Static site for the reading group',
    visibility: 'public',
    star_count: 12,
  },
  {
    path: 'tide-tables',
    name: 'Tide Tables',
    description: 'When the harbour is deep enough',
    visibility: 'public',
    star_count: 3,
  },
  { path: 'field-notes', name: 'Field Notes', description: null, visibility: 'private', star_count: 0 },
]

const projectsOf = (account: Account, root: string) =>
  samples.map(({ path, name, ...rest }, index) => ({
    id: account.id * 100 + index,
    name,
    name_with_namespace: `${account.name} / ${name}`,
    path,
    path_with_namespace: `${account.username}/${path}`,
    ...rest,
    default_branch: 'main',
    web_url: `${root}/${account.username}/${path}`,
    forks_count: 0,
    created_at: '2024-03-01T08:00:00.000Z',
    last_activity_at: '2026-10-04T16:20:00.000Z',
  }))

const page = (list: readonly unknown[]) => {
  const total = `${list.length}`
  const headers = {
    'x-page': '1',
    'x-per-page': '20',
    'x-total': total,
    'x-total-pages': '1',
    'x-next-page': '',
    'x-prev-page': '',
  }
  return json(list, { headers })
}

/** Builds an API route that needs one of some scopes. */
const guardedRoute =
  (
    store: Store,
    options: { needs: readonly string[]; body: (account: Account, root: string) => Response },
  ): Route =>
  (incoming) => {
    const token = findToken(incoming, store)
    const { needs, body } = options
    return objection(token, { store, needs }) ?? (token ? body(token.account, incoming.root) : json({}))
  }

/** Builds the part of the REST API that applications try first. */
export const apiRoutes = (store: Store): Record<string, Route> => ({
  'GET /api/v4/user': guardedRoute(store, {
    needs: ['api', 'read_user', 'read_api'],
    body: (account, root) => json(userBody(account, root)),
  }),
  'GET /api/v4/projects': guardedRoute(store, {
    needs: ['api', 'read_api'],
    body: (account, root) => page(projectsOf(account, root)),
  }),
})

/** Builds `GET /oauth/token/info`; `expires_in` in seconds. */
export const tokenInfoRoute =
  (store: Store): Route =>
  (incoming) => {
    const token = findToken(incoming, store)
    if (!token || !isLive(token, store))
      return refuse(new Refusal('invalid_token'), { state: 'unauthorized' })
    const scope = scopeList(token.scope)
    const expires_in = Math.round((token.expires_at - store.now()) / 1000)
    return json({
      resource_owner_id: token.account.id,
      scope,
      expires_in,
      application: { uid: token.client.client_id },
      created_at: Math.floor(token.created_at / 1000),
      scopes: scope,
      expires_in_seconds: expires_in,
    })
  }

/** Builds `/oauth/userinfo` (OpenID Connect Core 5.3); a refusal has no body. */
export const userinfoRoute =
  (store: Store): Route =>
  (incoming) => {
    const token = findToken(incoming, store)
    if (!token || !isLive(token, store)) {
      return new Response(null, { status: 401, headers: challenge(new Refusal('invalid_token')) })
    }
    const granted = scopeList(token.scope)
    if (!granted.includes('openid')) return new Response(null, { status: 403 })
    const { id, name, username, email } = token.account
    return json({
      sub: `${id}`,
      name,
      nickname: username,
      preferred_username: username,
      ...(granted.includes('email') && { email, email_verified: true }),
      profile: `${incoming.root}/${username}`,
      picture: avatarUrl(token.account, incoming.root),
      groups: [],
    })
  }
