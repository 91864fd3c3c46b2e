import { createServer, type Server } from 'node:http'
import Provider, { type Context } from 'oidc-provider'
import { configure } from './configuration.ts'
import { close, listen } from './listen.ts'
import { answerApi, interact } from './pages.ts'

/** One request as the server saw it, with what it answered. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Context['headers']
  /** Parameters of the query or, once it is answered, of the form. */
  readonly params: Readonly<Record<string, string>>
  /** 0 until it is answered. */
  readonly status: number
  readonly body?: unknown
}

/** Tokens of one answer of the token endpoint. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

/** What a test changes about the next requests. */
interface Hooks {
  onReturn?: ((url: URL) => void) | undefined
  tokenAnswer?: Promise<void>
}

const isTokenRequest = ({ method, path }: Seen) => method === 'POST' && path === '/token'

/** Answers a request; gives what there is to note of it. */
async function answer(provider: Provider, ctx: Context, next: () => Promise<void>): Promise<Partial<Seen>> {
  if (ctx.path.startsWith('/api/')) await answerApi(provider, ctx)
  else if (ctx.path.startsWith('/interaction/')) await interact(provider, ctx)
  else await next()
  const form = ctx.oidc?.body
  return { status: ctx.status, body: ctx.body, ...(form && { params: form }) }
}

/** Gives the address of the page that a person is being sent back to, after the test had its hand in it. */
function changeReturn(ctx: Context, { origin, hooks }: { origin: string; hooks: Hooks }): string | undefined {
  const { location } = ctx.response.headers
  if (typeof location !== 'string' || !location.startsWith(`${origin}/`)) return
  const url = new URL(location)
  hooks.onReturn?.(url)
  hooks.onReturn = undefined
  // The connection ends with this answer, so that a server that has stopped is gone.
  ctx.set({ location: url.href, connection: 'close' })
  return url.href
}

/** Installs the provider in a server; gives what it saw. */
function serve(http: Server, { provider, ...rest }: { provider: Provider; origin: string; hooks: Hooks }) {
  const seen: Seen[] = []
  const returns: string[] = []
  provider.use(async (ctx, next) => {
    const { method, path, headers } = ctx
    const { searchParams } = new URL(ctx.req.url ?? '', 'http://localhost')
    const entry: Seen = { method, path, headers, params: Object.fromEntries(searchParams), status: 0 }
    seen.push(entry)
    Object.assign(entry, await answer(provider, ctx, next))
    returns.push(...[changeReturn(ctx, rest) ?? []].flat())
    if (isTokenRequest(entry)) await rest.hooks.tokenAnswer
  })
  http.on('request', provider.callback())
  return { seen, returns }
}

/** Starts an oidc-provider on a port of its own, for the page of `origin`. */
export async function startAuthorizationServer(origin: string) {
  const http = createServer()
  const port = await listen(http)
  const issuer = `http://localhost:${port}`
  const provider = new Provider(issuer, configure(origin))
  const hooks: Hooks = {}
  const { seen, returns } = serve(http, { provider, origin, hooks })
  const metadata = await fetch(`${issuer}/.well-known/openid-configuration`).then((found) => found.json())
  const tokenRequests = () => seen.filter(isTokenRequest)
  return {
    issuer,
    api_base: `${issuer}/api/`,
    /** The discovery document, as the server gives it. */
    metadata,
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
    async refresh(refresh_token: string): Promise<{ status: number; error?: string }> {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'reading-list',
        refresh_token,
      })
      const response = await fetch(`${issuer}/token`, { method: 'POST', body })
      return { ...(await response.json()), status: response.status }
    },
    /** Uses an access token from outside any browser; gives the API's status. */
    async read(access_token: string): Promise<number> {
      const headers = { authorization: `Bearer ${access_token}` }
      return (await fetch(`${issuer}/api/books`, { headers })).status
    },
    /** Makes an access token end before its time. */
    expire: async (access_token: string) => (await provider.AccessToken.find(access_token))?.destroy(),
    /** Takes no more requests; those under way are answered. */
    stop() {
      http.close()
      http.closeIdleConnections()
    },
    restart: () => listen(http, port),
    close: () => close(http),
  }
}

export type AuthorizationServer = Awaited<ReturnType<typeof startAuthorizationServer>>
