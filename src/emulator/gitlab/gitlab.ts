import { avatarRoutes } from '../avatar.ts'
import { demoBffClient, demoClient } from '../client.ts'
import type { CorsRule } from '../cors.ts'
import type { Emulation, ForgeKind } from '../emulation.ts'
import type { ForgeOptions } from '../forge.ts'
import { createSigner } from '../id-token.ts'
import { type Incoming, json, type Route } from '../message.ts'
import { errorPage } from '../pages.ts'
import type { Store } from '../store.ts'
import { apiRoutes } from './api.ts'
import { authorizationRoutes } from './authorization.ts'
import type { GitLab, GitLabProfile } from './profile.ts'
import { scopes } from './scope.ts'
import { revokeRoute, tokenRoute } from './token.ts'
import { tokenInfoRoute, userinfoRoute } from './userinfo.ts'

const posted = {
  methods: ['POST', 'OPTIONS'],
  headers: ['authorization', 'x-csrf-token', 'x-requested-with'],
}

/** What GitLab's API lets every origin call; it exposes no `WWW-Authenticate`. */
const sharedApi: CorsRule = {
  path: '/api/*',
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  headers: 'any',
  expose: ['Link', 'X-Total', 'X-Total-Pages', 'X-Per-Page', 'X-Page', 'X-Next-Page', 'X-Prev-Page', 'ETag'],
}

/** What GitLab lets every origin call today; authorization server metadata is not shared. */
const shared: readonly CorsRule[] = [
  { path: '/oauth/token', ...posted },
  { path: '/oauth/revoke', ...posted },
  { path: '/oauth/token/info', methods: ['GET', 'HEAD', 'OPTIONS'], headers: ['authorization'] },
  { path: '/oauth/discovery/keys', methods: ['GET'], headers: [] },
  { path: '/oauth/userinfo', methods: ['GET', 'HEAD', 'POST', 'OPTIONS'], headers: ['authorization'] },
  sharedApi,
]

/** The document of RFC 8414, with GitLab's own omissions: it names no `none` and spells the device grant short. */
const metadata: Route = ({ root }) =>
  json({
    issuer: root,
    authorization_endpoint: `${root}/oauth/authorize`,
    token_endpoint: `${root}/oauth/token`,
    jwks_uri: `${root}/oauth/discovery/keys`,
    revocation_endpoint: `${root}/oauth/revoke`,
    userinfo_endpoint: `${root}/oauth/userinfo`,
    scopes_supported: Object.keys(scopes),
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: ['authorization_code', 'client_credentials', 'device_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['plain', 'S256'],
  })

/** Rails knows no route for a wrong method; the API, which is not Rails, tells it from a wrong path. */
function missing(incoming: Incoming, routes: Readonly<Record<string, Route>>): Response {
  const allow = Object.keys(routes).flatMap((key) =>
    key.endsWith(` ${incoming.path}`) ? key.split(' ', 1) : [],
  )
  if (!incoming.path.startsWith('/api/')) {
    const message = "Make sure the address is correct and that the page hasn't moved."
    return errorPage(incoming, { title: '404: Page not found', message, status: 404 })
  }
  if (allow.length === 0) return json({ error: '404 Not Found' }, { status: 404 })
  return json({ error: '405 Not Allowed' }, { status: 405, headers: { allow: allow.join(', ') } })
}

export type { GitLabProfile } from './profile.ts'

/** How a GitLab is set up; the lifetime of its access tokens is 7200 seconds by default. */
export interface GitLabForgeOptions extends ForgeOptions {
  /** Which GitLab. Default: `current`. */
  readonly profile?: GitLabProfile
  /**
   * Whether pages of other origins can call the OAuth endpoints of the profile `documented`, as no GitLab let them that had the
   * implicit grant. Default: false there, and always true today.
   */
  readonly cors?: boolean
}

/** Says what Rails says of an answer that does not say itself how long it may be kept. */
const asRails =
  (route: Route): Route =>
  async (incoming) => {
    const response = await route(incoming)
    const { headers, status } = response
    const lifetime = status === 200 ? 'max-age=0, private, must-revalidate' : 'no-cache'
    if (!headers.has('cache-control')) headers.set('cache-control', lifetime)
    return response
  }

/** The routes that Rails answers. */
function railsRoutes(gitlab: GitLab): Record<string, Route> {
  const { store, profile, signer } = gitlab
  return {
    ...authorizationRoutes(gitlab),
    'POST /oauth/token': tokenRoute(gitlab),
    'POST /oauth/revoke': revokeRoute(store),
    'GET /oauth/token/info': tokenInfoRoute(store),
    'GET /oauth/userinfo': userinfoRoute(store),
    'POST /oauth/userinfo': userinfoRoute(store),
    'GET /oauth/discovery/keys': async () => json(await signer.keys()),
    ...(profile === 'current' && { 'GET /.well-known/oauth-authorization-server': metadata }),
    ...apiRoutes(store),
  }
}

function emulate(store: Store, { profile = 'current', cors = profile === 'current' }: GitLabForgeOptions) {
  const rails = Object.entries(railsRoutes({ store, profile, signer: createSigner() }))
  const routes = {
    ...Object.fromEntries(rails.map(([key, route]) => [key, asRails(route)])),
    ...avatarRoutes(store),
  }
  const emulation: Emulation = {
    name: 'GitLab',
    cookie: '_gitlab_session',
    signInPath: '/users/sign_in',
    signOutPath: '/users/sign_out',
    authorizationPath: '/oauth/authorize',
    tokenPath: '/oauth/token',
    apiPaths: ['/api/', '/oauth/userinfo', '/oauth/token/info'],
    cors: cors ? shared : [sharedApi],
    routes,
    queryWins: true,
    missing: asRails((incoming) => missing(incoming, routes)),
  }
  return emulation
}

/** Describes GitLab as it is today, or as it was when its first OAuth page was written. */
export function gitlab(options: GitLabForgeOptions): ForgeKind {
  if (options.profile !== 'documented' && options.cors === false)
    throw new TypeError('Today\'s GitLab is open to every origin: take the fault "no-cors" to close it.')
  return {
    clients: [demoClient, demoBffClient],
    expires_in: 7200,
    scope: 'api',
    emulate: (store) => emulate(store, options),
  }
}
