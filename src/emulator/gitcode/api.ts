import { findLive, readScheme } from '../bearer.ts'
import { json, type Route } from '../message.ts'
import { sampleRepositories } from '../sample-repositories.ts'
import type { Account, Store } from '../store.ts'
import { unauthorized } from './errors.ts'

/** An id as GitCode makes them: 24 hexadecimal digits. */
const idOf = ({ id }: Account): string => `6601148c5079ba0d${`${id}`.padStart(8, '0')}`

const userOf = (account: Account, root: string) => ({
  avatar_url: account.avatar_url ?? null,
  html_url: `${root}/${account.username}`,
  id: idOf(account),
  login: account.username,
  name: account.name,
  type: 'User',
  email: account.email,
})

/** Assumed: the shape is that of the user. */
const repositoriesOf = (account: Account, root: string) =>
  sampleRepositories.map(({ path, name, description, visibility, star_count }, index) => ({
    id: account.id * 100 + index,
    full_name: `${account.username}/${path}`,
    human_name: `${account.name} / ${name}`,
    name,
    path,
    description: description ?? '',
    private: visibility === 'private',
    html_url: `${root}/${account.username}/${path}`,
    stargazers_count: star_count,
    default_branch: 'main',
  }))

/** Builds an API route; a token may stand in either header or in the address. */
const guarded =
  (store: Store, body: (account: Account, root: string) => unknown): Route =>
  (incoming) => {
    const { headers, params, root } = incoming
    const value =
      readScheme(incoming, ['bearer']) || headers.get('private-token') || params.get('access_token')
    const credential = findLive(value, store)
    return credential ? json(body(credential.account, root)) : unauthorized()
  }

/** Builds the part of the API that applications try first. */
export const apiRoutes = (store: Store): Record<string, Route> => ({
  'GET /api/v5/user': guarded(store, userOf),
  'GET /api/v5/user/repos': guarded(store, repositoriesOf),
})
