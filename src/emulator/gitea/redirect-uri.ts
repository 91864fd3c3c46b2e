import type { Client } from '../client.ts'
import { acceptsRedirectUri, isLoopbackAddress, type SameAddress } from '../redirect-uri.ts'
import type { Gitea } from './profile.ts'

/** Today's Gitea looks neither at case nor at one slash at the end. */
const alike: SameAddress = (uri, registered) =>
  [uri, registered]
    .map((text) => text.toLowerCase().replace(/\/$/, ''))
    .every((text, _, [first]) => text === first)

/** An address on a loopback IP without its port, which is free for a public client (RFC 8252 section 7.3). */
function withoutPort(uri: string): string {
  const url = new URL(uri)
  if (url.protocol === 'http:' && isLoopbackAddress(url.hostname)) url.port = ''
  return url.href
}

const exact: SameAddress = (uri, registered) => uri === registered

/** Tells whether an address is registered: letter by letter in old times, with some freedom today. */
export function isRegistered(client: Client, uri: string, { profile }: Pick<Gitea, 'profile'>): boolean {
  if (profile === 'documented') return acceptsRedirectUri(client, uri, { same: exact })
  const isPublic = client.client_secret === undefined
  const same: SameAddress = (asked, known) =>
    alike(asked, known) || (isPublic && alike(withoutPort(asked), known))
  return acceptsRedirectUri(client, uri, { same })
}

/** Adds parameters to the query of an address, all of it sorted by name as Go encodes it, empty values too. */
export function withQuery(uri: string, params: Readonly<Record<string, string>>): string {
  const url = new URL(uri)
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  url.searchParams.sort()
  return url.href
}
