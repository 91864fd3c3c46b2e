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
import { authorizationRoutes, endpoint } from './authorization.ts'
import type { GitShareProfile } from './profile.ts'
import { everything } from './scope.ts'
import { tokenPath, tokenRoute } from './token.ts'

export type { GitShareProfile } from './profile.ts'

/** How a GitShare is set up; the lifetime of its access tokens is 36000 seconds by default. */
export interface GitShareForgeOptions extends ForgeOptions {
  /** Which GitShare. Default: `current`. */
  readonly profile?: GitShareProfile
  /** Whether pages of other origins can read its API; its token endpoint they cannot. Default: false, as its software comes. */
  readonly cors?: boolean
}

const shared: readonly CorsRule[] = [
  { path: '/api/2/*', methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], headers: 'any' },
]

/** Answers what no route answers: a path without its slash, too. */
const missing = (incoming: Incoming): Response =>
  incoming.path.startsWith('/api/')
    ? json({ detail: 'Not found.' }, { status: 404 })
    : errorPage(incoming, {
        title: 'Not Found',
        message: 'The requested resource was not found on this server.',
        status: 404,
      })

function emulate(store: Store, { profile = 'current', cors = false }: GitShareForgeOptions): Emulation {
  const gitshare = { store, profile }
  return {
    ...{ name: 'GitShare', cookie: 'sessionid', signInPath: '/login/', signOutPath: '/logout/' },
    authorizationPath: endpoint,
    tokenPath,
    apiPaths: ['/api/2/'],
    cors: cors ? shared : [],
    routes: {
      ...authorizationRoutes(gitshare),
      [`POST ${tokenPath}`]: tokenRoute(gitshare),
      ...apiRoutes(store),
      ...avatarRoutes(store),
    },
    missing,
  }
}

/** Describes GitShare. */
export function gitshare(options: GitShareForgeOptions): ForgeKind {
  const { clients = [demoConfidentialClient] } = options
  demandSecrets(clients, { forge: 'GitShare' })
  return { clients, expires_in: 36_000, scope: everything, emulate: (store) => emulate(store, options) }
}
