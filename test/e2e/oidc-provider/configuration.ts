import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createAdapter } from './adapter.ts'

/** Seconds that an access token lives; those of the client `short-lived` end before a test does. */
export const LIFETIME = 60

/** The same for the clients `long-lived` and `tolerated`. */
export const LONG_LIFETIME = 600

/** Who signs in, as the UserInfo endpoint tells it. */
export const ada = {
  sub: 'ada-1815',
  name: 'Ada Okafor',
  preferred_username: 'ada',
  email: 'ada@forge.example',
  picture: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=',
}

interface Client {
  readonly clientId: string
}

const clientsOf = (origin: string) =>
  ['reading-list', 'short-lived', 'long-lived', 'tolerated', 'without-cors'].map((client_id) => ({
    client_id,
    client_name: 'Reading list',
    redirect_uris: [`${origin}/callback`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    id_token_signed_response_alg: 'ES256',
  }))

const isOwner = (_: unknown, client: Client, token: Client) => client.clientId === token.clientId

const lifetimes: Readonly<Record<string, number>> = {
  'short-lived': 6,
  'long-lived': LONG_LIFETIME,
  tolerated: LONG_LIFETIME,
}

const lifetimeOf = (_: unknown, __: unknown, { clientId }: Client) => lifetimes[clientId] ?? LIFETIME

const day = () => 24 * 60 * 60

const createKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })

/** Public clients of one page: PKCE, CORS for the page's own origin, rotation with reuse detection, revocation. */
export const configure = (origin: string) => ({
  adapter: createAdapter(),
  clients: clientsOf(origin),
  clientAuthMethods: ['none'],
  clientBasedCORS: (_: unknown, asking: string, { clientId }: Client) =>
    asking === origin && clientId !== 'without-cors',
  // Tokens end when they say, not 15 s later.
  clockTolerance: 0,
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'picture'], email: ['email'] },
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  cookies: { keys: [randomBytes(32).toString('hex')] },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true, allowedPolicy: isOwner } },
  findAccount: (_: unknown, sub: string) =>
    sub === ada.sub ? { accountId: sub, claims: () => ada } : undefined,
  interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  jwks: { keys: [{ ...createKey(), use: 'sig' }] },
  pkce: { required: () => true },
  // That of the client `tolerated` may be used again and again.
  rotateRefreshToken: ({ oidc }: { oidc: { client: Client } }) => oidc.client.clientId !== 'tolerated',
  ttl: {
    AccessToken: lifetimeOf,
    RefreshToken: day,
    IdToken: day,
    Interaction: day,
    Session: day,
    Grant: day,
  },
})
