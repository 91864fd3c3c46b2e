import { avatarRoutes } from '../avatar.ts'
import { demoBffClient, demoClient, demoConfidentialClient } from '../client.ts'
import type { CorsRule } from '../cors.ts'
import type { Emulation, ForgeKind } from '../emulation.ts'
import type { ForgeOptions } from '../forge.ts'
import { createSigner } from '../id-token.ts'
import { type Incoming, json, type Route } from '../message.ts'
import { errorPage } from '../pages.ts'
import type { Store } from '../store.ts'
import { apiRoutes, userinfoRoute } from './api.ts'
import { authorizationRoutes } from './authorization.ts'
import { createGrants } from './grant.ts'
import { issuerOf } from './id-token.ts'
import type { Gitea, GiteaProfile, Quirk } from './profile.ts'
import { tokenRoute } from './token.ts'

export type { GiteaProfile } from './profile.ts'

/** How a Gitea is set up; the lifetime of its access tokens is 3600 seconds by default. */
export interface GiteaForgeOptions extends ForgeOptions {
  /** Which Gitea. Default: `current`. */
  readonly profile?: GiteaProfile
  /** Whether its admin has enabled CORS, in the profile `current`; the older one has none. Default: false, as Gitea comes. */
  readonly cors?: boolean
  /** Whether a refresh token works once only. Default: false, as Gitea comes. */
  readonly invalidate_refresh_tokens?: boolean
}

const every = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  // Gitea's default list; what pages need most, `Authorization`, is added for its API alone.
  headers: ['content-type', 'user-agent'],
  maxAge: 600,
}

const shared: readonly CorsRule[] = [
  { path: '/login/oauth/access_token', ...every },
  { path: '/login/oauth/userinfo', ...every },
  { path: '/login/oauth/keys', ...every },
  { path: '/.well-known/openid-configuration', ...every },
  {
    path: '/api/v1/*',
    ...every,
    headers: [...every.headers, 'authorization', 'x-gitea-otp'],
    expose: ['X-Total-Count'],
  },
]

/** The discovery document; it leaves out what is not emulated: introspection. */
const metadata = ({ root }: Incoming, { quirks }: Gitea): Response =>
  json({
    issuer: issuerOf(root, quirks),
    authorization_endpoint: `${root}/login/oauth/authorize`,
    token_endpoint: `${root}/login/oauth/access_token`,
    jwks_uri: `${root}/login/oauth/keys`,
    userinfo_endpoint: `${root}/login/oauth/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'groups'],
    claims_supported: ['sub', 'name', 'preferred_username', 'email', 'picture', 'groups'],
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
  })

/** Answers what no route answers; the older router does not tell a wrong method from a wrong path. */
function missing(
  incoming: Incoming,
  { profile, routes }: Gitea & { routes: Record<string, Route> },
): Response {
  const { path, root } = incoming
  const known = Object.keys(routes).some((key) => key.endsWith(` ${path}`))
  if (known && profile === 'current') return new Response(null, { status: 405 })
  if (path.startsWith('/api/'))
    return json({ message: 'not found', url: `${root}/api/swagger` }, { status: 404 })
  const message = 'The page you are trying to reach does not exist, or you may not see it.'
  return errorPage(incoming, { title: '404: Not found', message, status: 404 })
}

/** What the page of old times goes with. */
const oldQuirks: readonly Quirk[] = [
  'bare_cancel',
  's256_lost',
  'plain_lost',
  'unbound_redirect_uri',
  'lasting_codes',
  'no_scopes',
]

/** Emulates a Gitea, or what has grown out of one. */
export function emulateGitea(
  store: Store,
  options: Omit<Gitea, 'store' | 'grants' | 'quirks' | 'signer'> & {
    name: string
    cors: boolean
    quirks: readonly Quirk[]
  },
): Emulation {
  const { name, profile, cors, invalidate_refresh_tokens } = options
  const grants = createGrants()
  const quirks = new Set(options.quirks)
  const signer = createSigner()
  const gitea: Gitea = { store, grants, profile, quirks, signer, invalidate_refresh_tokens }
  const routes: Record<string, Route> = {
    ...authorizationRoutes(gitea),
    'POST /login/oauth/access_token': tokenRoute(gitea),
    ...(profile === 'current' && {
      'GET /login/oauth/userinfo': userinfoRoute(gitea),
      'GET /login/oauth/keys': async () => json(await signer.keys()),
      'GET /.well-known/openid-configuration': (incoming: Incoming) => metadata(incoming, gitea),
    }),
    ...apiRoutes(gitea),
    ...avatarRoutes(store),
  }
  return {
    ...{ name, cookie: 'i_like_gitea', signInPath: '/user/login', signOutPath: '/user/logout' },
    authorizationPath: '/login/oauth/authorize',
    tokenPath: '/login/oauth/access_token',
    apiPaths: ['/api/v1/', '/login/oauth/userinfo'],
    cors: cors ? shared : [],
    routes,
    missing: (incoming) => missing(incoming, { ...gitea, routes }),
    revokeAll: grants.clear,
  }
}

/** Describes a Gitea of today, or of the time before public clients. */
export function gitea(options: GiteaForgeOptions): ForgeKind {
  const { profile = 'current', cors = false, invalidate_refresh_tokens = false } = options
  const documented = profile === 'documented'
  const quirks = documented ? oldQuirks : []
  if (documented && cors) throw new TypeError('The documented Gitea has no CORS: take profile "current".')
  return {
    clients: documented ? [demoConfidentialClient] : [demoClient, demoBffClient],
    expires_in: 3600,
    scope: '',
    emulate: (store) =>
      emulateGitea(store, { name: 'Gitea', profile, cors, quirks, invalidate_refresh_tokens }),
  }
}
