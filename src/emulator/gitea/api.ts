import { avatarUrl } from '../avatar.ts'
import { type Incoming, json, type Route } from '../message.ts'
import { sampleRepositories } from '../sample-repositories.ts'
import type { Account, Credential } from '../store.ts'
import type { Gitea } from './profile.ts'
import { unreadable } from './scope.ts'

/** Reads a token from the header, where Gitea has a word of its own for it, and in old times from the query too. */
function readToken({ headers, params }: Incoming, { profile }: Gitea): string {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(headers.get('authorization') ?? '') ?? []
  const old = profile === 'documented'
  // Only in lower case, then.
  const own = old ? scheme === 'token' : /^token$/i.test(scheme)
  if (own || /^bearer$/i.test(scheme)) return value
  return (old && (params.get('token') || params.get('access_token'))) || ''
}

function findCredential(incoming: Incoming, gitea: Gitea): Credential | undefined {
  const token = gitea.store.findCredential(readToken(incoming, gitea))
  return token && !token.revoked && gitea.store.now() <= token.expires_at ? token : undefined
}

/** Builds an API route that needs to read some categories. */
const guarded =
  (
    gitea: Gitea,
    { needs, body }: { needs: readonly string[]; body: (account: Account, root: string) => Response },
  ): Route =>
  (incoming) => {
    const { root } = incoming
    const token = findCredential(incoming, gitea)
    const url = `${root}/api/swagger`
    if (!token) return json({ message: 'token is required', url }, { status: 401 })
    const [lacking] = gitea.quirks.has('no_scopes') ? [] : unreadable(token.scope, needs)
    if (lacking === undefined) return body(token.account, root)
    const message = `token does not have at least one of required scope(s): [read:${lacking}]`
    return json({ message, url }, { status: 403 })
  }

const userOf = (account: Account, { root, profile }: { root: string } & Pick<Gitea, 'profile'>) => {
  const { id, username, name, email } = account
  return {
    id,
    login: username,
    ...(profile === 'current' && { login_name: '' }),
    full_name: name,
    email,
    avatar_url: avatarUrl(account, root),
    ...(profile === 'current' && { html_url: `${root}/${username}`, visibility: 'public' }),
    language: 'en-US',
    is_admin: false,
    last_login: '2026-10-04T16:20:00Z',
    created: '2024-02-29T09:30:00Z',
    username,
  }
}

const repositoriesOf = (account: Account, root: string) =>
  sampleRepositories.map(({ path, description, visibility, star_count }, index) => ({
    id: account.id * 100 + index,
    owner: { id: account.id, login: account.username, full_name: account.name },
    name: path,
    full_name: `${account.username}/${path}`,
    description: description ?? '',
    private: visibility === 'private',
    html_url: `${root}/${account.username}/${path}`,
    stars_count: star_count,
    default_branch: 'main',
    created_at: '2024-03-01T08:00:00Z',
    updated_at: '2026-10-04T16:20:00Z',
  }))

/** Builds the part of the API that applications try first. */
export const apiRoutes = (gitea: Gitea): Record<string, Route> => ({
  'GET /api/v1/user': guarded(gitea, {
    needs: ['user'],
    body: (account, root) => json(userOf(account, { root, profile: gitea.profile })),
  }),
  'GET /api/v1/user/repos': guarded(gitea, {
    needs: ['user', 'repository'],
    body: (account, root) => {
      const list = repositoriesOf(account, root)
      return json(list, { headers: { 'x-total-count': `${list.length}` } })
    },
  }),
})

/** Builds `GET /login/oauth/userinfo` (OpenID Connect Core 5.3); its refusal is plain text. */
export const userinfoRoute =
  (gitea: Gitea): Route =>
  (incoming) => {
    const token = findCredential(incoming, gitea)
    if (!token) {
      const headers = {
        'content-type': 'text/plain;charset=utf-8',
        'www-authenticate': 'Bearer realm="Gitea OAuth2"',
      }
      return new Response('no valid authorization', { status: 401, headers })
    }
    const { account } = token
    return json({
      sub: `${account.id}`,
      name: account.name,
      preferred_username: account.username,
      email: account.email,
      picture: avatarUrl(account, incoming.root),
      groups: null,
    })
  }
