import { avatarUrl } from '../avatar.ts'
import { findLive, readScheme } from '../bearer.ts'
import { json, type Route } from '../message.ts'
import { sampleRepositories } from '../sample-repositories.ts'
import type { Account, Credential, Store } from '../store.ts'
import { hasAny, knownScopes } from './scope.ts'

const refuse = (message: string): Response =>
  json({ message, documentation_url: 'https://docs.github.com/rest', status: '401' }, { status: 401 })

/** Who signed in; the e-mail address is for those who may read it. */
const userOf = ({ account, scope }: Credential, root: string) => ({
  login: account.username,
  id: account.id,
  avatar_url: avatarUrl(account, root),
  html_url: `${root}/${account.username}`,
  type: 'User',
  site_admin: false,
  name: account.name,
  email: hasAny(scope, ['user', 'user:email']) ? account.email : null,
})

const ownerOf = ({ id, username }: Account) => ({ login: username, id })

/** The repositories; private ones are for those who may read them. */
const repositoriesOf = ({ account, scope }: Credential, root: string) =>
  sampleRepositories
    .map(({ path, description, visibility, star_count }, index) => ({
      id: account.id * 100 + index,
      name: path,
      full_name: `${account.username}/${path}`,
      private: visibility === 'private',
      owner: ownerOf(account),
      html_url: `${root}/${account.username}/${path}`,
      description,
      stargazers_count: star_count,
      default_branch: 'main',
    }))
    .filter((repository) => !repository.private || hasAny(scope, ['repo']))

/** Builds an API route; a token stands in the header, under either name. */
const guarded =
  (store: Store, body: (credential: Credential, root: string) => unknown): Route =>
  (incoming) => {
    if (!incoming.headers.has('authorization')) return refuse('Requires authentication')
    const credential = findLive(readScheme(incoming, ['bearer', 'token']), store)
    if (!credential) return refuse('Bad credentials')
    const headers = { 'x-oauth-scopes': knownScopes(credential.scope).join(', ') }
    return json(body(credential, incoming.root), { headers })
  }

/** Builds the part of the API that applications try first: under its own host's paths, and where a GitHub Enterprise has it. */
export function apiRoutes(store: Store): Record<string, Route> {
  const own = { '/user': guarded(store, userOf), '/user/repos': guarded(store, repositoriesOf) }
  return Object.fromEntries(
    Object.entries(own).flatMap(([path, route]) => [
      [`GET ${path}`, route],
      [`GET /api/v3${path}`, route],
    ]),
  )
}
