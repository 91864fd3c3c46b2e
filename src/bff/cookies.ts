/** What tells the cookies of one BFF from all others, and how they are protected. */
export interface CookieScope {
  /** What their names begin with: `__Host-` with https, else the port, for a host's ports share their cookies. */
  readonly prefix: string
  readonly secure: boolean
}

/** How a cookie is set. */
export interface CookieOptions {
  readonly sameSite: 'Strict' | 'Lax'
  /** In seconds; 0 deletes. */
  readonly maxAge: number
}

/** The cookies of the BFF at an address: Safari and WebKitGTK keep no Secure cookie of http://localhost. */
export function createCookieScope({ protocol, port, pathname }: URL): CookieScope {
  // Two BFFs of one origin keep out of each other's way; a sign that no path of theirs has tells theirs apart.
  const own = pathname === '/auth' ? '' : pathname.replaceAll('/', '~')
  return protocol === 'https:'
    ? { prefix: `__Host-forgepass${own}`, secure: true }
    : { prefix: `forgepass-${port || 80}${own}`, secure: false }
}

/** Writes a Set-Cookie value: for the whole host and nobody else, out of reach of script (RFC 10017 section 6.1.3.2). */
export function writeCookie(
  { secure }: CookieScope,
  { name, value, sameSite, maxAge }: CookieOptions & { readonly name: string; readonly value: string },
): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`
}

/** Lists the cookies of a request, in its order. */
export const listCookies = (request: Request): readonly (readonly [name: string, value: string])[] =>
  (request.headers.get('cookie') ?? '').split(/;\s*/).flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const] : []
  })

/** Reads one cookie; one that is there twice, or in another case, may be planted and counts as none. */
export function readCookie(request: Request, name: string): string | undefined {
  const [found, ...more] = listCookies(request).filter(
    ([other]) => other.toLowerCase() === name.toLowerCase(),
  )
  return found?.[0] === name && more.length === 0 ? found[1] : undefined
}
