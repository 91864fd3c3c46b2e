import { avatarRoutes } from '../avatar.ts'
import { demoConfidentialClient } from '../client.ts'
import { demandSecrets } from '../confidential.ts'
import type { CorsRule } from '../cors.ts'
import type { Emulation, ForgeKind } from '../emulation.ts'
import type { ForgeOptions } from '../forge.ts'
import { type Incoming, json, type Route } from '../message.ts'
import { errorPage } from '../pages.ts'
import { apiRoutes } from './api.ts'
import { authorizationRoutes } from './authorization.ts'
import { scopes } from './scope.ts'
import { type GitHub, revocationRoutes, tokenRoute } from './token.ts'

/** How a GitHub is set up. */
export interface GitHubForgeOptions extends ForgeOptions {
  /**
   * Whether access tokens expire, after 28800 seconds by default, and come with a refresh token, as those of a GitHub App do.
   * Default: false, as for an OAuth app.
   */
  readonly expiring_tokens?: boolean
}

const sharedApi = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  headers: ['authorization', 'if-match', 'if-none-match', 'x-github-api-version', 'x-requested-with'],
  expose: ['ETag', 'Link', 'Location', 'Retry-After', 'X-RateLimit-Remaining', 'X-OAuth-Scopes'],
}

/** Its API is open to every origin, and its token endpoint to none. */
const shared: readonly CorsRule[] = [
  { path: '/user/*', ...sharedApi },
  { path: '/api/v3/*', ...sharedApi },
]

/** The document of RFC 8414, which GitHub has for its issuer `<root>/login/oauth`. */
const metadata: Route = ({ root }) =>
  json({
    issuer: `${root}/login/oauth`,
    authorization_endpoint: `${root}/login/oauth/authorize`,
    token_endpoint: `${root}/login/oauth/access_token`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    scopes_supported: ['offline_access'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  })

const missing = (incoming: Incoming): Response =>
  /^\/(user|api)\//.test(incoming.path)
    ? json({ message: 'Not Found', documentation_url: 'https://docs.github.com/rest' }, { status: 404 })
    : errorPage(incoming, { title: '404: Not found', message: 'This is not the page you want.', status: 404 })

const emulate = ({ store, expiring_tokens }: GitHub): Emulation => ({
  ...{ name: 'GitHub', cookie: 'user_session', signInPath: '/login', signOutPath: '/logout' },
  authorizationPath: '/login/oauth/authorize',
  tokenPath: '/login/oauth/access_token',
  apiPaths: ['/user', '/api/v3/'],
  cors: shared,
  routes: {
    ...authorizationRoutes(store),
    'POST /login/oauth/access_token': tokenRoute({ store, expiring_tokens }),
    'GET /.well-known/oauth-authorization-server/login/oauth': metadata,
    ...revocationRoutes(store),
    ...apiRoutes(store),
    ...avatarRoutes(store),
  },
  missing,
})

/** Describes GitHub, its API under the same address as the rest. */
export function github(options: GitHubForgeOptions): ForgeKind {
  const { clients = [demoConfidentialClient], expiring_tokens = false } = options
  demandSecrets(clients, { forge: 'GitHub' })
  if (!expiring_tokens && options.expires_in !== undefined)
    throw new TypeError('Tokens of GitHub expire only with the option "expiring_tokens".')
  return {
    clients,
    expires_in: expiring_tokens ? 28_800 : Number.POSITIVE_INFINITY,
    scope: Object.keys(scopes).join(' '),
    emulate: (store) => emulate({ store, expiring_tokens }),
  }
}
