import { type CorsRule, preflight, share } from './cors.ts'
import type { Emulation } from './emulation.ts'
import type { Scene } from './fault/fault.ts'
import type { Faults } from './fault/faults.ts'
import { effectiveMethod, type Incoming, type Route, readParams } from './message.ts'
import { errorPage } from './pages.ts'
import type { Store } from './store.ts'
import { createVisitors } from './visitor.ts'

/** One request a forge has answered, with its parameters as they came: it may hold secrets. */
export interface ForgeRequest {
  readonly method: string
  /** Below `basePath`. */
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  /** 0 where the answer was lost on purpose. */
  readonly status: number
}

/** What answers the requests of one forge. */
export interface Receiver {
  readonly emulation: Emulation
  readonly basePath: string
  readonly store: Store
  readonly faults: Faults
  revokeAll(): void
  log(request: ForgeRequest): void
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

function placeOf(emulation: Emulation, path: string): Scene['place'] {
  if (path === emulation.authorizationPath) return 'authorization'
  if (path === emulation.tokenPath) return 'token'
  return emulation.apiPaths.some((start) => path.startsWith(start)) ? 'api' : undefined
}

const rulesOf = ({ emulation, faults }: Receiver): readonly CorsRule[] =>
  faults.amountOf('no-cors') === undefined ? emulation.cors : []

const nothing = {
  params: new URLSearchParams(),
  query: new URLSearchParams(),
  body: new URLSearchParams(),
}

/** Reads a request once; one with a malformed body has no parameters. */
async function read(request: Request, { emulation, basePath }: Receiver) {
  const params = await readParams(request, emulation).catch(() => undefined)
  const { name: forge, signInPath, signOutPath } = emulation
  const { origin, pathname } = new URL(request.url)
  const common = { forge, signInPath, signOutPath, root: origin + basePath, headers: request.headers }
  return {
    ...common,
    readable: params !== undefined,
    path: pathname.slice(basePath.length) || '/',
    ...(params ?? nothing),
  }
}

/** Answers with all that is to go wrong, and adds the cookie and what lets other origins read it, or keeps them off. */
async function answer(request: Request, context: Receiver & { incoming: Incoming; readable: boolean }) {
  const { emulation, faults, store, revokeAll, incoming, readable } = context
  const scene = { place: placeOf(emulation, incoming.path), signal: request.signal, store, revokeAll }
  const last = async (received: Incoming) =>
    readable ? findRoute(emulation, received)(received) : malformed(received)
  const response = await faults.disturb(incoming, last, scene)
  const { setCookie } = incoming.visitor
  if (setCookie) response.headers.append('set-cookie', setCookie)
  share(response, { request, path: incoming.path, rules: rulesOf(context) })
  return request.method === 'HEAD' ? new Response(null, response) : response
}

/** Builds what answers every request below the mount, and notes it. */
export function createReceiver(receiver: Receiver): (request: Request) => Promise<Response> {
  const { emulation, basePath, log } = receiver
  const recognise = createVisitors({ name: emulation.cookie, path: basePath || '/' })
  return async (request) => {
    const { readable, ...message } = await read(request, receiver)
    const { path, params } = message
    const preflighted = preflight(request, { path, rules: rulesOf(receiver) })
    if (preflighted) {
      log({ method: request.method, path, params: {}, status: preflighted.status })
      return preflighted
    }
    const incoming = {
      ...message,
      method: effectiveMethod(request, params),
      visitor: recognise(request),
    }
    const noted = { method: incoming.method, path, params: Object.fromEntries(params) }
    try {
      const response = await answer(request, { ...receiver, incoming, readable })
      log({ ...noted, status: response.status })
      return response
    } catch (error) {
      log({ ...noted, status: 0 })
      throw error
    }
  }
}
