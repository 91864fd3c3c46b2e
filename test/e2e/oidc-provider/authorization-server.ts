import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import Provider, { type Context } from 'oidc-provider'
import { createAdapter } from './adapter.ts'
import { listen } from './listen.ts'

/** One request as the server saw it, with what it answered. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Parameters of the query or the form. */
  params: Readonly<Record<string, string>>
  /** 0 until it is answered. */
  status: number
  body: unknown
}

/** Tokens of one answer of the token endpoint. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

/** Seconds that an access token lives; those of the client `short-lived` end before a test does. */
export const LIFETIME = 60

const ada = {
  sub: 'ada-1815',
  name: 'Ada Okafor',
  preferred_username: 'ada',
  email: 'ada@forge.example',
  picture: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=',
}

/** Every public client there is; a page of an origin that is not registered may not call the token endpoint. */
const clientsOf = (origin: string) =>
  ['reading-list', 'short-lived', 'without-cors'].map((client_id) => ({
    client_id,
    client_name: 'Reading list',
    redirect_uris: [`${origin}/callback`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    id_token_signed_response_alg: 'ES256',
  }))

const lifetimeOf = (_: unknown, __: unknown, { clientId }: { clientId: string }) =>
  clientId === 'short-lived' ? 6 : LIFETIME

const day = () => 24 * 60 * 60

/** Public clients with PKCE, CORS for the client's own origin, rotation with reuse detection, revocation. */
const configure = (origin: string) => ({
  adapter: createAdapter(),
  clients: clientsOf(origin),
  clientAuthMethods: ['none'],
  clockTolerance: 0,
  clientBasedCORS: (_: unknown, asking: string, { clientId }: { clientId: string }) =>
    asking === origin && clientId !== 'without-cors',
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'picture'], email: ['email'] },
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  cookies: { keys: [randomBytes(32).toString('hex')] },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true, allowedPolicy: isOwner } },
  findAccount: (_: unknown, sub: string) =>
    sub === ada.sub ? { accountId: sub, claims: () => ada } : undefined,
  interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  jwks: {
    keys: [
      {
        ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
        use: 'sig',
      },
    ],
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: lifetimeOf,
    RefreshToken: day,
    IdToken: day,
    Interaction: day,
    Session: day,
    Grant: day,
  },
})

const isOwner = (_: unknown, client: { clientId: string }, token: { clientId: string }) =>
  client.clientId === token.clientId

const consentPage = `<!doctype html>
<title>Authorize Reading list</title>
<h1>Reading list wants to know who you are</h1>
<form method="post">
  <button name="answer" value="authorize">Continue as Ada</button>
  <button name="answer" value="deny">Deny</button>
</form>`

/** Starts an oidc-provider on a port of its own, for the page of `origin`. */
export async function startAuthorizationServer(origin: string) {
  const http = createServer()
  const port = await listen(http)
  const issuer = `http://localhost:${port}`
  const provider = new Provider(issuer, configure(origin))
  const seen: Seen[] = []
  const returns: string[] = []
  const hooks: { onReturn?: ((url: URL) => void) | undefined; tokenAnswer?: Promise<void> } = {}

  /** Answers for the person's API: who owns the token, to every origin. */
  async function api(ctx: Context) {
    ctx.set({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' })
    ctx.status = 204
    if (ctx.method === 'OPTIONS') return
    const [, value = ''] = /^Bearer (.+)$/.exec(ctx.headers.authorization ?? '') ?? []
    const token = await provider.AccessToken.find(value)
    ctx.status = token ? 200 : 401
    ctx.body = token ? { owner: token.accountId, path: ctx.path } : { error: 'invalid_token' }
  }

  /** The page on which the person answers, and what becomes of the answer. */
  async function interaction(ctx: Context) {
    const { params } = await provider.interactionDetails(ctx.req, ctx.res)
    ctx.type = 'html'
    ctx.body = consentPage
    if (ctx.method !== 'POST') return
    const form = new URLSearchParams(await readBody(ctx))
    if (form.get('answer') === 'deny') {
      const result = { error: 'access_denied', error_description: 'End-User aborted interaction' }
      return ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result))
    }
    const grant = new provider.Grant({ accountId: ada.sub, clientId: params.client_id })
    grant.addOIDCScope(params.scope ?? '')
    const result = { login: { accountId: ada.sub }, consent: { grantId: await grant.save() } }
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result))
  }

  /** Notes every address a person is sent back to, after the test had its hand in it. */
  function watchReturn(ctx: Context) {
    const { location } = ctx.response.headers
    if (typeof location !== 'string' || !location.startsWith(`${origin}/`)) return
    const url = new URL(location)
    hooks.onReturn?.(url)
    hooks.onReturn = undefined
    returns.push(url.href)
    ctx.set({ location: url.href, connection: 'close' })
  }

  provider.use(async (ctx, next) => {
    const { method, path, headers } = ctx
    const { searchParams } = new URL(ctx.req.url ?? '', issuer)
    const entry: Seen = {
      method,
      path,
      headers,
      params: Object.fromEntries(searchParams),
      status: 0,
      body: undefined,
    }
    seen.push(entry)
    if (path.startsWith('/api/')) await api(ctx)
    else if (path.startsWith('/interaction/')) await interaction(ctx)
    else await next()
    watchReturn(ctx)
    Object.assign(entry, { status: ctx.status, body: ctx.body, params: ctx.oidc?.body ?? entry.params })
    if (isTokenRequest(entry)) await hooks.tokenAnswer
  })
  http.on('request', provider.callback())

  const tokenRequests = () => seen.filter(isTokenRequest)
  return {
    issuer,
    api_base: `${issuer}/api/`,
    /** The discovery document, as the server gives it. */
    metadata: await fetch(`${issuer}/.well-known/openid-configuration`).then((answer) => answer.json()),
    seen,
    tokenRequests,
    /** The addresses that people were sent back to. */
    returns,
    /** Changes the address the next person is sent back to, or does something before they are. */
    onReturn(hook: (url: URL) => void) {
      hooks.onReturn = hook
    },
    /** Lets the token endpoint do its work and keeps its answers until the returned function is called. */
    holdTokenAnswers() {
      let release = () => {}
      hooks.tokenAnswer = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    /** The tokens that were granted last. */
    granted: () => tokenRequests().findLast(({ status }) => status === 200)?.body as Tokens,
    /** Uses a refresh token from outside any browser. */
    refresh: (refresh_token: string) =>
      fetch(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'reading-list', refresh_token }),
      }),
    /** Makes an access token end before its time. */
    expire: async (access_token: string) => (await provider.AccessToken.find(access_token))?.destroy(),
    /** Hangs up on everybody. */
    stop() {
      http.close()
      http.closeIdleConnections()
    },
    restart: () => listen(http, port),
    async close() {
      http.closeAllConnections()
      await http[Symbol.asyncDispose]()
    },
  }
}

export type AuthorizationServer = Awaited<ReturnType<typeof startAuthorizationServer>>

const isTokenRequest = ({ method, path }: Seen) => method === 'POST' && path === '/token'

async function readBody({ req }: Context): Promise<string> {
  let text = ''
  for await (const chunk of req) text += chunk
  return text
}
