import type { Flow } from '../flow/flow.ts'
import { redirect } from '../flow/redirect.ts'
import { fail, type OAuthErrorCode } from '../protocol/errors.ts'
import type { Session } from '../session/record.ts'
import type { Listener } from '../session/store.ts'
import type { LoginClient } from './client.ts'

/** Which BFF a client talks to, and how people get there. */
export interface BackendOptions {
  /** Where the BFF is: a path of this origin, such as `/auth`. */
  readonly base: string
  /** The name that the BFF knows the forge by. */
  readonly provider: string
  /** How the person gets to the forge and back. Default: `redirect()`. */
  readonly flow?: Flow
  readonly fetch?: typeof fetch
}

/** What a sign-in by way of the BFF may be told; the BFF decides all else. */
export interface BackendLoginOptions {
  /** Where to go on afterwards: a path of this origin. Default: the page this was called on. */
  readonly return_to?: string
  /** Ends the sign-in. */
  readonly signal?: AbortSignal
}

/** What every client of a BFF can do. */
export interface BackendClient extends LoginClient<BackendLoginOptions> {
  /** Rejects with the error that a sign-in came back to this page with, and scrubs it from the address. */
  callback(): Promise<void>
  /** `fetch` of what is below the client's own route of the BFF. */
  fetch(path: string, init?: RequestInit): Promise<Response>
}

/** How the BFF ends an address to say what went wrong; anybody can write one, so there is no room for a sentence. */
const ERROR = /(?:[?&]forgepass_error=([a-z_]{1,24}))+$/

/** Connects a page to one forge of a BFF, and `fetch` to what is below `route`, by default the proxy; touches no global. */
export function connectBackend(options: BackendOptions & { readonly route?: string }): BackendClient {
  const { base, provider, route = `api/${provider}/`, flow = redirect() } = options
  const listeners = new Set<Listener>()
  let snapshot: Session | null | undefined
  let tabs: BroadcastChannel | undefined
  let asked = 0
  let shown = 0
  let returned: string | undefined

  if (!/^(\/[\w.-]+)+$/.test(base)) fail('invalid_options', 'Give base as a path such as /auth.')
  const at = (path: string) => new URL(`${base}/${path}`, location.href)
  const notify: Listener = (event) => {
    for (const listener of listeners) queueMicrotask(() => listener(event))
  }
  const show = (session: Session | null) => {
    // The same to the eye stays the same object, or what depends on it would run in circles.
    if (JSON.stringify(session) === JSON.stringify(snapshot)) return
    snapshot = session
    notify()
  }
  const send = async (url: URL, init?: RequestInit) => {
    const request = new Request(url, init)
    // No other site can send it, so it tells the BFF that this page asks.
    request.headers.set('forgepass-csrf', '1')
    const response = await (options.fetch ?? fetch)(request).catch((error) => {
      if (request.signal.aborted) throw error
      return fail('network_error')
    })
    const code = response.headers.get('forgepass-error')
    if (!code) return response
    const { status } = response
    // What stands in front of the BFF may say anything; only a text can be trimmed.
    const { hint, retryAfter } = (await response.json().catch(() => 0)) ?? 0
    return fail(code as OAuthErrorCode, hint?.trim && hint, { status, retryAfter })
  }
  const read = async (response: Response) => {
    // What stands in front of the BFF may answer in its place, which ends no session.
    const body = response.ok && (await response.json().catch(() => 0))
    return body || fail(response.ok ? 'invalid_json' : 'bad_status', `No BFF answers at ${base}.`)
  }
  const listen = () => {
    try {
      tabs ??= new BroadcastChannel(at(provider).href)
      tabs.onmessage = () => ask().catch(() => {})
    } catch {
      // Some frames may not have a channel; they have no tabs to agree with either.
    }
  }
  const ask = async () => {
    listen()
    asked += 1
    const turn = asked
    const isFirst = snapshot === undefined
    const sessions = await send(at('session')).then(read, (error) => {
      // No session is an answer, too.
      if (error.status !== 401) throw error
    })
    // What was asked before says nothing any more: of a sign-out, or of another person's sign-in.
    if (turn > shown) {
      shown = turn
      show(sessions?.[provider] ?? null)
    }
    // This page may be what a sign-in has led to.
    if (isFirst && snapshot) tabs?.postMessage(0)
    return snapshot as Session | null
  }
  /** Throws the error that an address brings back from the BFF, and takes it out of that address first. */
  const judge = (search: string) => {
    const code = ERROR.exec(search)?.[1]
    if (code) fail(code as OAuthErrorCode)
  }
  return {
    get snapshot() {
      return snapshot
    },
    session: ask,
    async login({ return_to = location.href, signal = new AbortController().signal } = {}) {
      const url = at(`login/${provider}?${new URLSearchParams({ return_to })}`)
      const back = await flow(Promise.resolve(url), { redirect_uri: at('relay').href, signal, notify })
      judge(back.search)
      const session = await ask()
      tabs?.postMessage(0)
      return session ?? fail('login_required')
    },
    async callback() {
      const { href, search } = location
      const clean = search.replace(ERROR, '')
      if (clean !== search) {
        // A function: what is left may hold signs that stand for something in a replacement.
        history.replaceState(
          history.state,
          '',
          href.replace(search, () => clean),
        )
        // React's StrictMode calls twice, and hears the second answer.
        returned = search
        setTimeout(() => {
          returned = undefined
        })
      }
      judge(returned ?? search)
    },
    async fetch(path, init) {
      const { href } = at(route)
      // What is no address is taken for one that is not below the route.
      const url = new URL(URL.canParse(path, href) ? path : base, href)
      if (!url.href.startsWith(href)) fail('resource_not_allowed')
      return send(url, init).catch(async (error) => {
        if (error.status === 401) await ask().catch(() => {})
        throw error
      })
    },
    async logout() {
      listen()
      const done = await send(at(`logout?provider=${provider}`), { method: 'POST' })
      asked += 1
      shown = asked
      show(null)
      tabs?.postMessage(0)
      // There was nothing to end.
      return done.status === 204 ? { revoked: false } : read(done)
    },
    subscribe(listener) {
      listen()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
