import { avatarUrl } from '../avatar.ts'
import { type Incoming, json, type Route } from '../message.ts'
import { sampleRepositories } from '../sample-repositories.ts'
import type { Account, Credential, Store } from '../store.ts'
import { findCredential, isLive } from './access-token.ts'
import { scopeList } from './scope.ts'

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
function objection(
  token: Credential | undefined,
  { store, needs }: { store: Store; needs: readonly string[] },
) {
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

const projectsOf = (account: Account, root: string) =>
  sampleRepositories.map(({ path, name, ...rest }, index) => ({
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

/** The only page of a list; its links repeat every parameter of the request, a token too. */
const page = (list: readonly unknown[], { root, path, params }: Incoming) => {
  const total = `${list.length}`
  const query = new URLSearchParams({ ...Object.fromEntries(params), page: '1', per_page: '20' })
  const links = ['first', 'last'].map((rel) => `<${root}${path}?${query}>; rel="${rel}"`)
  const headers = {
    link: links.join(', '),
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
    options: { needs: readonly string[]; body: (account: Account, incoming: Incoming) => Response },
  ): Route =>
  (incoming) => {
    const token = findCredential(incoming, store)
    const { needs, body } = options
    return objection(token, { store, needs }) ?? (token ? body(token.account, incoming) : json({}))
  }

/** Builds the part of the REST API that applications try first. */
export const apiRoutes = (store: Store): Record<string, Route> => ({
  'GET /api/v4/user': guardedRoute(store, {
    needs: ['api', 'read_user', 'read_api'],
    body: (account, { root }) => json(userBody(account, root)),
  }),
  'GET /api/v4/projects': guardedRoute(store, {
    needs: ['api', 'read_api'],
    body: (account, incoming) => page(projectsOf(account, incoming.root), incoming),
  }),
})
