import { findLive, readScheme } from '../bearer.ts'
import { json, type Route } from '../message.ts'
import { sampleRepositories } from '../sample-repositories.ts'
import type { Account, Store } from '../store.ts'

/** Assumed: nothing tells how the API refuses, so it does as the framework of its software does. */
const unauthorized = (): Response =>
  json(
    { detail: 'Authentication credentials were not provided.' },
    { status: 401, headers: { 'www-authenticate': 'Bearer realm="api"' } },
  )

/** Builds an API route; a token may stand in the header or among the parameters. */
const guarded =
  (store: Store, body: (account: Account) => unknown): Route =>
  (incoming) => {
    const value = readScheme(incoming, ['bearer']) || incoming.params.get('access_token')
    const credential = findLive(value, store)
    return credential ? json(body(credential.account)) : unauthorized()
  }

/** Assumed: that there is such a list is documented, its members are not. */
const userOf = ({ id, username, name, email }: Account) => ({ id, username, name, email })

const filesOf = () => ({
  name: '/',
  isdir: true,
  children: sampleRepositories.map(({ path }) => ({ name: path, path: `/${path}`, isdir: true })),
})

/** Builds the part of the API that applications try first; the slash at the end of a path belongs to it. */
export const apiRoutes = (store: Store): Record<string, Route> => ({
  'GET /api/2/whoami/': guarded(store, userOf),
  'GET /api/2/ping/': guarded(store, () => ({ ping: 'pong' })),
  'GET /api/2/path/info/': guarded(store, filesOf),
})
