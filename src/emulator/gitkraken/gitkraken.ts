import { avatarRoutes } from '../avatar.ts'
import { type Client, demoConfidentialClient } from '../client.ts'
import { demandSecrets } from '../confidential.ts'
import type { CorsRule } from '../cors.ts'
import type { Emulation, ForgeKind } from '../emulation.ts'
import type { ForgeOptions } from '../forge.ts'
import { type Incoming, json } from '../message.ts'
import { errorPage } from '../pages.ts'
import type { Store } from '../store.ts'
import { apiRoutes } from './api.ts'
import { authorizationRoutes } from './authorization.ts'
import type { GitKrakenErrors } from './errors.ts'
import { scopes } from './scope.ts'
import { tokenRoute } from './token.ts'

export type { GitKrakenErrors } from './errors.ts'

/** An application at GitKraken: always with a secret, and with one callback that its registration fixes. */
export interface GitKrakenClient extends Client {
  readonly client_secret: string
  /** One address; a path such as `/auth/callback/gitkraken` is one of the origin the forge itself is asked at. */
  readonly redirect_uris: readonly [string]
}

/** How a GitKraken Boards is set up; its tokens never expire. */
export interface GitKrakenForgeOptions extends Omit<ForgeOptions, 'clients' | 'expires_in'> {
  /** Default: `forgepass-demo`, with a secret, sent back to `/auth/callback/gitkraken`. */
  readonly clients?: readonly GitKrakenClient[]
  /** Whether pages of other origins can read its API, which nothing tells. Default: true. */
  readonly cors?: boolean
  /** How it words the errors that were never documented. Default: `oauth`. */
  readonly errors?: GitKrakenErrors
}

/** Assumed: nothing was documented, and people's scripts used the API. The token endpoint is for backends alone. */
const shared: readonly CorsRule[] = [
  { path: '/v1/glo/*', methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'], headers: 'any' },
]

const missing = (incoming: Incoming): Response =>
  incoming.path.startsWith('/v1/')
    ? json({ message: 'Not found' }, { status: 404 })
    : errorPage(incoming, { title: 'Page not found', message: 'There is nothing here.', status: 404 })

const emulate = (store: Store, { cors = true, errors = 'oauth' }: GitKrakenForgeOptions): Emulation => ({
  name: 'GitKraken Boards',
  cookie: 'gitkraken_session',
  signInPath: '/login',
  signOutPath: '/logout',
  authorizationPath: '/oauth/authorize',
  tokenPath: '/oauth/access_token',
  apiPaths: ['/v1/glo/'],
  cors: cors ? shared : [],
  routes: {
    ...authorizationRoutes(store, errors),
    'POST /oauth/access_token': tokenRoute(store, errors),
    ...apiRoutes(store, errors),
    ...avatarRoutes(store),
  },
  missing,
})

/** Refuses an application that could not be registered. */
function check({ client_id, redirect_uris }: Client): void {
  const [uri, ...more] = redirect_uris === 'loopback' ? [] : redirect_uris
  if (uri === undefined || more.length > 0)
    throw new TypeError(`GitKraken fixes the callback at registration: give "${client_id}" one redirect_uri.`)
  if (!uri.startsWith('/') && !URL.canParse(uri))
    throw new TypeError(
      `The redirect_uri "${uri}" must be an absolute URI, or a path that starts with a slash.`,
    )
}

/** Describes GitKraken Boards as it was, its three hosts under one address. */
export function gitkraken(options: GitKrakenForgeOptions): ForgeKind {
  const { clients = [{ ...demoConfidentialClient, redirect_uris: ['/auth/callback/gitkraken'] }] } = options
  demandSecrets(clients, { forge: 'GitKraken' })
  for (const client of clients) check(client)
  return {
    clients,
    expires_in: Number.POSITIVE_INFINITY,
    scope: Object.keys(scopes).join(' '),
    emulate: (store) => emulate(store, options),
  }
}
