import type { TokenForm } from '../protocol/bearer.ts'
import { fail } from '../protocol/errors.ts'
import { isLive, isToken, type TokenSet } from '../protocol/token.ts'
import {
  type BackendClient,
  type BackendLoginOptions,
  type BackendOptions,
  connectBackend,
} from './backend.ts'
import { fetchResource } from './resource.ts'

/** What a client of a token-mediating backend is made of. */
export interface MediatedClientOptions extends BackendOptions {
  /** Prefix of the forge's API, ending in `/`; `client.fetch` sends the token nowhere else. */
  readonly api_base: string
  /** `query`: the forge's API takes the token in the address, as its provider says. Default: in the header. */
  readonly token_in?: NonNullable<TokenForm['token_in']>
  /** Further prefixes that may get the token, each ending in `/`. */
  readonly resources?: readonly string[]
  /** What this page needs of what was granted, space-separated: it gets no token that can do more. Default: all of it. */
  readonly scope?: string
  readonly now?: () => number
}

/** A client whose access token is in the page's memory; secret and refresh token stay on the server (RFC 10017 section 6.2). */
export interface MediatedClient extends Omit<BackendClient, 'fetch'> {
  /** An access token that is good now; the BFF is asked where there is none. */
  accessToken(): Promise<string>
  /** `fetch` with the access token, straight to the forge's API; relative addresses join `api_base`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
}

/** An access token, and the turn of sessions it was asked for in. */
interface Held extends Pick<TokenSet, 'access_token' | 'expires_at'> {
  /** What the BFF knows it by, so that the token itself stands in no address. */
  readonly fingerprint: string
  readonly id: number
}

/**
 * Makes a client for one forge of a BFF that has `tokens: 'browser'`; touches no global, so it is safe on a server.
 * @example const client = createMediatedClient({ base: '/auth', provider: 'gitlab', api_base: 'https://gitlab.com/api/v4/' })
 */
export function createMediatedClient(options: MediatedClientOptions): MediatedClient {
  const { base, provider, scope = '', now = Date.now } = options
  const backend = connectBackend({ ...options, route: `token/${provider}` })
  const { fetch: call, login, logout, subscribe } = backend
  let held: Held | undefined
  let asking: Promise<Held> | undefined
  let tabs: BroadcastChannel | undefined
  let id = 0

  /** Lets go of the token, and of an answer under way: it may be of the session before. */
  const drop = () => {
    held = asking = undefined
    id += 1
  }
  const listen = () => {
    if (tabs) return
    subscribe((event) => event || drop())
    try {
      tabs = new BroadcastChannel(new URL(`${base}/${provider}`, location.href).href)
      tabs.onmessage = drop
    } catch {
      // Some frames may not have a channel; they have no tabs to agree with either.
    }
  }
  const ask = async (refused = ''): Promise<Held> => {
    const turn = id
    try {
      const response = await call(`?${new URLSearchParams({ scope, refused })}`)
      const answer = { ...(await response.json().catch(() => 0)), id: turn }
      if (!isToken(answer.access_token)) fail('missing_access_token', `No BFF answers at ${base}.`)
      if (turn === id) held = answer
      return answer
    } finally {
      if (turn === id) asking = undefined
    }
  }
  const live = async (refused?: string): Promise<Held> => {
    listen()
    const isRefused = held && held.access_token === refused
    if (held && !isRefused && isLive(held, now())) return held
    asking ??= ask(isRefused ? held?.fingerprint : '')
    const answer = await asking
    return answer.id === id ? answer : live(refused)
  }
  const send: typeof fetch = async (...request) => (options.fetch ?? fetch)(...request)
  const context = { ...options, provider: options, session: { live }, fetch: send }
  return Object.assign(backend, {
    login: (how?: BackendLoginOptions) => login(how).finally(drop),
    logout: () => logout().finally(drop),
    accessToken: async () => (await live()).access_token,
    fetch: (input: string | URL | Request, init?: RequestInit) => fetchResource(context, input, init),
  })
}
