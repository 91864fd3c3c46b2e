import type { Bff } from '../../src/bff/index.ts'

/** Where a request starts, as far as a browser tells the server and its cookies depend on it. */
export interface Start {
  readonly site: 'same-origin' | 'same-site' | 'cross-site' | 'none'
  readonly mode: 'navigate' | 'cors' | 'no-cors'
  readonly dest: 'document' | 'iframe' | 'empty'
  /** The origin of the page that asks; browsers tell it of every method but GET and HEAD, and of every call across origins. */
  readonly page?: string
}

const go = { mode: 'navigate', dest: 'document' } as const
const ask = { mode: 'cors', dest: 'empty' } as const

/** Every way to reach the BFF; the application is at {@link ORIGIN}. */
export const STARTS = {
  'own fetch': { ...ask, site: 'same-origin', page: 'https://www.app.example' },
  'own navigation': { ...go, site: 'same-origin', page: 'https://www.app.example' },
  'address bar': { ...go, site: 'none' },
  'cross-site navigation': { ...go, site: 'cross-site', page: 'https://forge.example' },
  'sibling navigation': { ...go, site: 'same-site', page: 'https://blog.app.example' },
  'own frame': { ...go, dest: 'iframe', site: 'same-origin', page: 'https://www.app.example' },
  'foreign frame': { ...go, dest: 'iframe', site: 'cross-site', page: 'https://evil.example' },
  'foreign fetch': { ...ask, site: 'cross-site', page: 'https://evil.example' },
  'sandboxed fetch': { ...ask, site: 'cross-site', page: 'null' },
  'sibling fetch': { ...ask, site: 'same-site', page: 'https://blog.app.example' },
} as const satisfies Record<string, Start>

export type StartName = keyof typeof STARTS

export const ORIGIN = 'https://www.app.example'

/** A cookie as it was set. */
export interface Cookie {
  readonly name: string
  readonly value: string
  /** Attributes by their name in small letters; those without a value are ''. */
  readonly attributes: Readonly<Record<string, string>>
}

/** Reads a Set-Cookie value (RFC 6265 section 5.2). */
export function parseCookie(text: string): Cookie {
  const [pair = '', ...rest] = text.split(';').map((part) => part.trim())
  const cut = (part: string): [string, string] => {
    const at = part.indexOf('=')
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
  }
  const [name, value] = cut(pair)
  const attributes = rest.map(cut).map(([key, text]) => [key.toLowerCase(), text] as const)
  return { name, value, attributes: Object.fromEntries(attributes) }
}

/** Whether a browser takes a cookie from an address, by its prefix, its size and its Secure. */
function isTaken({ name, value, attributes }: Cookie, { protocol }: URL): boolean {
  const secure = 'secure' in attributes
  if (secure && protocol !== 'https:') return false
  if (name.length + value.length > 4096) return false
  const isHost = /^__host-/i.test(name)
  return !isHost || (secure && attributes.path === '/' && !('domain' in attributes))
}

/** A cookie jar of one host that follows Max-Age, Path, Secure, SameSite and the `__Host-` prefix. */
export function createJar(clock: { now: number }) {
  const cookies = new Map<string, Cookie & { until: number }>()
  const isSent = ({ site, mode, dest }: Start, method: string) => {
    const isTopLevel = mode === 'navigate' && dest === 'document' && method === 'GET'
    return ({ attributes: { samesite } }: Cookie) =>
      site !== 'cross-site' || (samesite === 'Lax' && isTopLevel)
  }
  return {
    cookies,
    store(texts: readonly string[], url: URL) {
      for (const cookie of texts.map(parseCookie)) {
        if (!isTaken(cookie, url)) continue
        const age = Number(cookie.attributes['max-age'] ?? Number.POSITIVE_INFINITY)
        if (age <= 0) cookies.delete(cookie.name)
        // One that is set again keeps its place in the order.
        else cookies.set(cookie.name, { ...cookie, until: clock.now + age * 1000 })
      }
    },
    header(url: URL, { start, method }: { start: Start; method: string }): string {
      const live = [...cookies.values()].filter(
        ({ until, attributes: { path = '/' } }) => until > clock.now && url.pathname.startsWith(path),
      )
      return live
        .filter(isSent(start, method))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ')
    },
    /** Puts a cookie in, as it would be without any check. */
    plant(name: string, value: string) {
      const attributes = { path: '/', samesite: 'Lax' }
      cookies.set(name, { name, value, attributes, until: Number.POSITIVE_INFINITY })
    },
  }
}

/** How a request differs from the usual one of its start. */
export interface Send extends RequestInit {
  /** Default: an own fetch, with the header of the BFF's client. */
  readonly from?: StartName
  /** Takes headers that a browser or a client would send away, by null, or puts others in. */
  readonly change?: Readonly<Record<string, string | null>>
  /** In place of what the jar has, as a program sends it: what comes back is not kept. */
  readonly cookie?: string
}

/** What a browser sends by itself. */
function browserHeaders({ site, mode, dest, page }: Start, method: string): [string, string][] {
  const tells = page && mode !== 'no-cors' && (site !== 'same-origin' || !/GET|HEAD/.test(method))
  const isForm = mode === 'navigate' && !/GET|HEAD/.test(method)
  return [
    ['sec-fetch-site', site],
    ['sec-fetch-mode', mode],
    ['sec-fetch-dest', dest],
    ...(page && tells && (mode !== 'navigate' || isForm) ? [['origin', page] as [string, string]] : []),
  ]
}

/** A browser with one cookie jar, as far as the BFF can tell. */
export function createBrowser({
  bff,
  clock,
  origin = ORIGIN,
}: {
  bff: Bff
  clock: { now: number }
  origin?: string
}) {
  const jar = createJar(clock)
  const send = async (path: string, { from = 'own fetch', change, cookie, ...init }: Send = {}) => {
    const url = new URL(path, origin)
    const { method = 'GET' } = init
    const headers = new Headers(browserHeaders(STARTS[from], method))
    const cookies = cookie ?? jar.header(url, { start: STARTS[from], method })
    if (cookies) headers.set('cookie', cookies)
    if (from === 'own fetch') headers.set('forgepass-csrf', '1')
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
    for (const [name, value] of Object.entries(change ?? {}))
      value === null ? headers.delete(name) : headers.set(name, value)
    const response = await bff.fetch(new Request(url, { ...init, headers }))
    if (cookie === undefined) jar.store(response.headers.getSetCookie(), url)
    return response
  }
  return { jar, send, visit: (path: string, from: StartName = 'own navigation') => send(path, { from }) }
}

export type Browser = ReturnType<typeof createBrowser>
