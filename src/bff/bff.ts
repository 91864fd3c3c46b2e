import { fail } from '../protocol/errors.ts'
import { problem, redirectTo, toOAuthError, wrongMethod } from './answer.ts'
import { assertBffOptions } from './assert-options.ts'
import { receiveCallback } from './callback.ts'
import { type BffContext, createContext, type Forge } from './context.ts'
import { assertOwnPage } from './csrf.ts'
import { readRelay, startLogin } from './login.ts'
import type { BffOptions } from './options.ts'
import { refusalPage, relayPage } from './page.ts'
import { isPaste, receivePaste } from './paste.ts'
import { proxy } from './proxy.ts'
import { endSessions, readSessions } from './session.ts'
import { readToken } from './token.ts'

/** A backend for frontend: the confidential client that keeps secret and tokens from the browser (RFC 10017 section 6.1). */
export interface Bff {
  /** Answers one request below `basePath`; never rejects. */
  fetch(request: Request): Promise<Response>
}

/** A request below `basePath`, taken apart. */
interface Call {
  readonly context: BffContext
  readonly request: Request
  readonly forge: () => Forge
  /** What follows the forge's name. */
  readonly path: string
}

interface Route {
  /** What its address ends with: its own word, the name of a forge, or a path after that. */
  readonly ends: 'word' | 'forge' | 'path'
  /** Any, where it is for the forge's API to say. */
  readonly method?: 'GET' | 'POST'
  /** The browser itself goes there, not a script of the page. */
  readonly isPage?: true
  /** Where the access tokens have to be for it to be there; default: anywhere. */
  readonly tokens?: 'server' | 'browser'
  readonly answer: (call: Call) => Response | Promise<Response>
  /** What takes its place for a code that a page of the application posts. */
  readonly paste?: Route
}

const ROUTES: Readonly<Record<string, Route>> = {
  login: {
    ends: 'forge',
    method: 'GET',
    isPage: true,
    answer: ({ context, forge, request }) => startLogin(context, forge(), request),
  },
  callback: {
    ends: 'forge',
    method: 'GET',
    isPage: true,
    answer: ({ context, forge, request }) => receiveCallback(context, forge(), request),
    paste: {
      ends: 'forge',
      method: 'POST',
      answer: ({ context, forge, request }) => receivePaste(context, forge(), request),
    },
  },
  relay: {
    ends: 'word',
    method: 'GET',
    isPage: true,
    answer: ({ context }) => relayPage(context.publicOrigin),
  },
  session: { ends: 'word', method: 'GET', answer: ({ context, request }) => readSessions(context, request) },
  logout: { ends: 'word', method: 'POST', answer: ({ context, request }) => endSessions(context, request) },
  token: {
    ends: 'forge',
    method: 'GET',
    tokens: 'browser',
    answer: ({ context, forge, request }) => readToken(context, forge(), request),
  },
  api: {
    ends: 'path',
    tokens: 'server',
    answer: ({ context, forge, request, path }) => proxy(context, { forge: forge(), request, path }),
  },
}

/** What else the address takes where people come back. */
const PASTE = 'Use GET, or post a pasted code as JSON from a page of the application.'

/** Finds the route of a request and answers it. */
async function answer(context: BffContext, request: Request): Promise<Response> {
  const { forges, publicOrigin, base, tokens } = context
  const { pathname } = new URL(request.url)
  const root = `${new URL(base).pathname}/`
  const [word = '', name, ...rest] = pathname.startsWith(root) ? pathname.slice(root.length).split('/') : []
  const ends = name === undefined ? 'word' : rest.length > 0 ? 'path' : 'forge'
  const known = Object.hasOwn(ROUTES, word) ? ROUTES[word] : undefined
  const route = (isPaste(request, publicOrigin) && known?.paste) || known
  if (!route?.isPage) assertOwnPage(request, publicOrigin)
  if (route?.ends !== ends || (route.tokens ?? tokens) !== tokens)
    return fail('not_found', `The BFF has no such route; it answers below ${root}.`)
  const { method = request.method } = route
  if (request.method !== method) return wrongMethod(method, route.paste && PASTE)
  const forge = () => forges.get(name ?? '') ?? fail('not_found', `There is no provider "${name}".`)
  const answered = async () => route.answer({ context, request, forge, path: rest.join('/') })
  return answered().catch((error) => (route.isPage ? refuse(context, request, error) : problem(error)))
}

/** Tells a person, or the window behind a popup, why a sign-in does not start. */
function refuse({ base, publicOrigin }: BffContext, request: Request, reason: unknown): Response {
  const error = toOAuthError(reason)
  const relay = readRelay(new URL(request.url))
  return relay
    ? redirectTo(`${base}/relay?state=${relay}&forgepass_error=${error.code}`)
    : refusalPage(publicOrigin, error)
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
  return { fetch: (request) => answer(context, request).catch((error) => problem(error)) }
}
