import type { Client } from './client.ts'
import { type CorsRule, preflight, share } from './cors.ts'
import { effectiveMethod, type Incoming, type Route, readParams } from './message.ts'
import { errorPage } from './pages.ts'
import { signInRoutes } from './sign-in.ts'
import {
  createStore,
  type PersonalToken,
  type Store,
  type StoreDefaults,
  type StoreOptions,
  type User,
} from './store.ts'
import { type VisitOptions, visit } from './visit.ts'
import { createVisitors } from './visitor.ts'

/** What makes one kind of forge differ from another. */
export interface Emulation {
  /** What people call it, such as `GitLab`. */
  readonly name: string
  /** The name of its web session's cookie. */
  readonly cookie: string
  /** Where people sign in to it, as a path, and out of it. */
  readonly signInPath: string
  readonly signOutPath: string
  /** Its routes by method and path, such as `GET /oauth/authorize`. */
  readonly routes: Readonly<Record<string, Route>>
  readonly cors: readonly CorsRule[]
  /** Which of two equal parameters counts, one in the query and one in the body: Rails takes the first. Default: the body's. */
  readonly queryWins?: true
  /** Answers what no route answers. */
  readonly missing: Route
  /** Forgets what people have agreed to, where that is more than tokens. */
  revokeAll?(): void
}

/** One kind of forge: what it holds by default, and how it answers. */
export interface ForgeKind extends StoreDefaults {
  emulate(store: Store): Emulation
}

/** How any forge is set up. */
export interface ForgeOptions extends StoreOptions {
  /** The path it is mounted under, such as `/forge/gitlab`. Default: `''`, the whole origin. */
  readonly basePath?: string
  /** The `Cross-Origin-Opener-Policy` of its pages: `same-origin` cuts a popup off from whoever opened it. Default: none. */
  readonly coop?: 'same-origin'
}

/** One request a forge has answered, with its parameters as they came: it may hold secrets. */
export interface ForgeRequest {
  readonly method: string
  /** Below `basePath`. */
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly status: number
}

/** A forge in memory. */
export interface Forge {
  /** What people call it, such as `GitLab`. */
  readonly name: string
  readonly basePath: string
  /** Who can sign in. */
  readonly users: readonly User[]
  /** The applications it knows, with their secrets. */
  readonly clients: readonly Client[]
  readonly personal_access_tokens: readonly PersonalToken[]
  /** Answers one request; throws for none. */
  fetch(request: Request): Promise<Response>
  /** The last 200 requests, oldest first. */
  readonly requests: readonly ForgeRequest[]
  /** Revokes every token, as people do in their settings. */
  revokeAll(): void
  /**
   * Does what a person does with an authorization request: signs in, answers the question, and gives the address the forge
   * sends back to; throws with the words of the page if it sends nowhere.
   */
  visit(url: string | URL, options?: VisitOptions): Promise<URL>
}

const logLength = 200

/** Gives the path below the mount, or `undefined` outside of it. */
function pathBelow(basePath: string, { pathname }: URL): string | undefined {
  if (pathname === basePath) return '/'
  return pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : undefined
}

/** Answers a request whose body cannot be read. */
const malformed: Route = (incoming) =>
  errorPage(incoming, {
    title: '400: Bad request',
    message: 'The body of the request is malformed.',
    status: 400,
  })

/** Finds the route of a request; HEAD is answered by GET. */
const findRoute = ({ routes, missing }: Emulation, { method, path }: Incoming): Route => {
  const key = `${method === 'HEAD' ? 'GET' : method} ${path}`
  return (Object.hasOwn(routes, key) ? routes[key] : undefined) ?? missing
}

interface Answering {
  readonly emulation: Emulation
  readonly incoming: Incoming
  readonly route: Route
  readonly coop: string | undefined
}

const isPage = ({ headers }: Response) =>
  !headers.has('location') && `${headers.get('content-type')}`.startsWith('text/html')

/** Answers a request, and gives the answer its cookie and what lets other origins read it, or keeps them off. */
async function answer(request: Request, { emulation, incoming, route, coop }: Answering): Promise<Response> {
  const response = await route(incoming)
  const { setCookie } = incoming.visitor
  if (setCookie) response.headers.append('set-cookie', setCookie)
  if (coop && isPage(response)) response.headers.set('cross-origin-opener-policy', coop)
  share(response, { request, path: incoming.path, rules: emulation.cors })
  return request.method === 'HEAD' ? new Response(null, response) : response
}

/** Builds a forge of one kind. */
export function buildForge(kind: ForgeKind, { basePath = '', coop, ...options }: ForgeOptions): Forge {
  const store = createStore(options, kind)
  const emulated = kind.emulate(store)
  const { name, signInPath, signOutPath } = emulated
  const emulation = { ...emulated, routes: { ...signInRoutes(store, emulated), ...emulated.routes } }
  const recognise = createVisitors({ name: emulated.cookie, path: basePath || '/' })
  const requests: ForgeRequest[] = []

  function log(request: ForgeRequest): void {
    requests.push(request)
    if (requests.length > logLength) requests.shift()
  }

  async function receive(request: Request, path: string): Promise<Response> {
    const read = await readParams(request, emulated).catch(() => undefined)
    const { params, body } = read ?? { params: new URLSearchParams(), body: new URLSearchParams() }
    const method = effectiveMethod(request, params)
    const incoming = {
      ...{ forge: name, signInPath, signOutPath, method, path, params, body },
      root: new URL(request.url).origin + basePath,
      headers: request.headers,
      visitor: recognise(request),
    }
    const route = read ? findRoute(emulation, incoming) : malformed
    const response = await answer(request, { emulation, incoming, route, coop })
    log({ method, path, params: Object.fromEntries(params), status: response.status })
    return response
  }

  const forge: Forge = {
    name,
    basePath,
    users: store.accounts,
    clients: store.clients,
    personal_access_tokens: store.personal_access_tokens,
    requests,
    revokeAll() {
      store.revokeAll()
      emulated.revokeAll?.()
    },
    visit: (url, visitOptions) =>
      visit(new URL(url), {
        fetch: forge.fetch,
        signInUrl: new URL(url).origin + basePath + signInPath,
        username: store.accounts[0]?.username ?? '',
        ...visitOptions,
      }),
    async fetch(request) {
      const path = pathBelow(basePath, new URL(request.url))
      if (path === undefined) return new Response('Not Found', { status: 404 })
      const preflighted = preflight(request, { path, rules: emulation.cors })
      if (!preflighted) return receive(request, path)
      log({ method: request.method, path, params: {}, status: preflighted.status })
      return preflighted
    },
  }
  return forge
}
