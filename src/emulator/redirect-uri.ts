import type { Client } from './client.ts'

const parse = (uri: string): URL | undefined => (URL.canParse(uri) ? new URL(uri) : undefined)

/** The same query in any order of its parameters. */
const sortedQuery = (url: URL): string => url.search.slice(1).split('&').sort().join('&')

/** Tells whether a host is a loopback address, which no name is (RFC 8252 section 7.3). */
export const isLoopbackAddress = (hostname: string): boolean =>
  /^127(\.\d{1,3}){3}$/.test(hostname) || /^\[?::1\]?$/.test(hostname)

/** Tells whether a host name means this machine: a loopback address or a name under `localhost` (RFC 6761 section 6.3). */
export const isLoopback = (hostname: string): boolean =>
  isLoopbackAddress(hostname) || /^(.+\.)?localhost$/i.test(hostname)

/** Compares as Doorkeeper does: an unregistered query is let through, and a loopback address may use any port (RFC 8252 section 7.3). */
export function matchesRedirectUri(uri: string, registered: string): boolean {
  const [asked, known] = [parse(uri), parse(registered)]
  if (!asked || !known || uri.includes('#')) return false
  if (known.search && sortedQuery(asked) !== sortedQuery(known)) return false
  const anyPort = isLoopbackAddress(asked.hostname) && isLoopbackAddress(known.hostname)
  for (const url of [asked, known]) {
    url.search = ''
    if (anyPort) url.port = ''
  }
  return asked.href === known.href
}

/** Tells whether two addresses are the same to a forge: the one that is asked for, and a registered one. */
export type SameAddress = (uri: string, registered: string) => boolean

/** Tells whether a client may be sent back to an address (RFC 6749 section 3.1.2.3); a script is no address. */
export function acceptsRedirectUri(
  client: Client,
  uri: string,
  { same }: { same: SameAddress } = { same: matchesRedirectUri },
): boolean {
  const url = parse(uri)
  // It is going to stand in a header as it is.
  if (!/^[!-~]+$/.test(uri)) return false
  if (!url || /^(javascript|vbscript|data):$/.test(url.protocol)) return false
  if (client.redirect_uris !== 'loopback') return client.redirect_uris.some((known) => same(uri, known))
  return /^https?:$/.test(url.protocol) && isLoopback(url.hostname) && !uri.includes('#')
}

/** Adds parameters to an address without touching the rest of its text; empty values are left out. */
export function addParams(
  uri: string,
  options: { params: Record<string, string>; into: 'query' | 'fragment' },
): string {
  const added = Object.entries(options.params).filter(([, value]) => value !== '')
  if (options.into === 'fragment') return `${uri}#${new URLSearchParams(added)}`
  const [, base, query] = /^([^?]*)\??(.*)$/s.exec(uri) ?? []
  return `${base}?${new URLSearchParams([...new URLSearchParams(query), ...added])}`
}
