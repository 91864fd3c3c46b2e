import { avatarRoutes } from '../avatar.ts'
import { demoConfidentialClient } from '../client.ts'
import { demandSecrets } from '../confidential.ts'
import type { CorsRule } from '../cors.ts'
import type { Emulation, ForgeKind } from '../emulation.ts'
import type { ForgeOptions } from '../forge.ts'
import { type Incoming, json } from '../message.ts'
import { errorPage } from '../pages.ts'
import type { Store } from '../store.ts'
import { apiRoutes } from './api.ts'
import { authorizationRoutes } from './authorization.ts'
import type { GitCodeErrors } from './errors.ts'
import { everything } from './scope.ts'
import { tokenRoute } from './token.ts'

export type { GitCodeErrors } from './errors.ts'

/** How a GitCode is set up; the lifetime of its access tokens is 15 days by default. */
export interface GitCodeForgeOptions extends ForgeOptions {
  /** Whether pages of other origins can read its API, which nothing tells; its token endpoint they cannot. Default: true. */
  readonly cors?: boolean
  /** How its token endpoint words errors, which is not documented. Default: `oauth`. */
  readonly errors?: GitCodeErrors
}

/** Assumed; what is known is that the token endpoint is not shared. */
const shared: readonly CorsRule[] = [
  {
    path: '/api/v5/*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    headers: 'any',
  },
]

const missing = (incoming: Incoming): Response =>
  incoming.path.startsWith('/api/')
    ? json({ message: '404 Not Found' }, { status: 404 })
    : errorPage(incoming, { title: 'Page not found', message: 'There is nothing here.', status: 404 })

const emulate = (store: Store, { cors = true, errors = 'oauth' }: GitCodeForgeOptions): Emulation => ({
  name: 'GitCode',
  cookie: 'gitcode_session',
  signInPath: '/login',
  signOutPath: '/logout',
  authorizationPath: '/oauth/authorize',
  tokenPath: '/oauth/token',
  apiPaths: ['/api/v5/'],
  cors: cors ? shared : [],
  routes: {
    ...authorizationRoutes(store),
    'POST /oauth/token': tokenRoute(store, errors),
    ...apiRoutes(store),
    ...avatarRoutes(store),
  },
  missing,
})

/** Describes GitCode, its API under the same address as the rest. */
export function gitcode(options: GitCodeForgeOptions): ForgeKind {
  const { clients = [demoConfidentialClient] } = options
  demandSecrets(clients, { forge: 'GitCode' })
  return { clients, expires_in: 1_296_000, scope: everything, emulate: (store) => emulate(store, options) }
}
