import { fail } from '../protocol/errors.ts'
import { problem } from './answer.ts'
import { receiveCallback } from './callback.ts'
import { type BffContext, createContext } from './context.ts'
import { assertOwnPage } from './csrf.ts'
import { startLogin } from './login.ts'
import { assertBffOptions, type BffOptions } from './options.ts'
import { relayPage } from './page.ts'
import { proxy } from './proxy.ts'
import { endSessions, readSessions } from './session.ts'

/** A backend for frontend: the confidential client that keeps secret and tokens from the browser (RFC 10017 section 6.1). */
export interface Bff {
  /** Answers one request below `basePath`; never rejects. */
  fetch(request: Request): Promise<Response>
}

const demandMethod = (request: Request, method: 'GET' | 'POST') => {
  if (request.method !== method) fail('method_not_allowed', `Use ${method}.`)
}

/** Finds the route of a request and answers it. */
async function route(context: BffContext, request: Request): Promise<Response> {
  const { forges, publicOrigin, base } = context
  const { pathname } = new URL(request.url)
  const root = `${new URL(base).pathname}/`
  if (!pathname.startsWith(root)) fail('not_found', `The BFF answers below ${root}.`)
  const [verb = '', name = '', ...rest] = pathname.slice(root.length).split('/')
  const path = rest.join('/')
  const find = () => forges.get(name) ?? fail('not_found', `There is no provider "${name}".`)
  const isWhole = rest.length === 0
  if (verb === 'login' && isWhole) {
    demandMethod(request, 'GET')
    return startLogin(context, find(), request)
  }
  if (verb === 'callback' && isWhole) {
    demandMethod(request, 'GET')
    return receiveCallback(context, find(), request)
  }
  if (verb === 'relay' && name === '') {
    demandMethod(request, 'GET')
    return relayPage(publicOrigin)
  }
  assertOwnPage(request, publicOrigin)
  if (verb === 'session' && name === '') {
    demandMethod(request, 'GET')
    return readSessions(context, request)
  }
  if (verb === 'logout' && name === '') {
    demandMethod(request, 'POST')
    return endSessions(context, request)
  }
  if (verb === 'api' && !isWhole) return proxy(context, { forge: find(), request, path })
  return fail('not_found', 'The BFF has no such route.')
}

let warned = false

/** Says once what an http origin means. */
function warnOfHttp({ publicOrigin }: BffOptions): void {
  if (warned || publicOrigin.startsWith('https:')) return
  warned = true
  console.warn(`forgepass: ${publicOrigin} is for development: its cookies are not Secure.`)
}

/**
 * Makes the backend of `createBffClient`: signs people in with the client secret and keeps their tokens in sealed cookies.
 * Throws {@link OAuthError} for every setting that can be seen to be wrong.
 * @example export default { fetch: createBff({ publicOrigin: 'https://app.example', providers, cookieSecret }).fetch }
 */
export function createBff(options: BffOptions): Bff {
  assertBffOptions(options)
  warnOfHttp(options)
  const context = createContext(options)
  return { fetch: (request) => route(context, request).catch((error) => problem(error)) }
}
