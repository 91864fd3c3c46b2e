import type { TokenForm } from '../protocol/bearer.ts'
import { scrubText } from './scrub.ts'

/** What an API may know of a request: what it asks for and what it carries, nothing of who sent it from where. */
const REQUEST =
  /^(accept(-language)?|content-(type|language|disposition)|if-(match|none-match|modified-since|unmodified-since|range)|idempotency-key|prefer|range|user-agent)$/

/** What a page may know of an answer; least of all what a server in front of the BFF would obey. */
const RESPONSE =
  /^(accept-ranges|content-(type|language|disposition|range)|etag|last-modified|link|retry-after|(x-)?ratelimit-.*|x-(total(-count|-pages)?|page|per-page|next-page|prev-page|request-id))$/

const pick = (headers: Headers, names: RegExp): [string, string][] =>
  [...headers].filter(([name]) => names.test(name))

/** Asks for a part of an answer. */
const PART = /^(if-)?range$/

/** The headers of a page that go to the API (RFC 10017 section 6.1.1). */
export function toUpstream(headers: Headers, { token_in }: TokenForm): Headers {
  const picked = pick(headers, REQUEST)
  // A token that stands in an answer would come piece by piece, and no piece of it can be told.
  return new Headers(token_in === 'query' ? picked.filter(([name]) => !PART.test(name)) : picked)
}

/** Where links of an answer lead, and where that is behind the proxy. */
export interface LinkBase {
  readonly api_base: string
  readonly proxied: string
  /** The token that stood in the address, which links repeat. */
  readonly hidden?: string | undefined
}

/** The headers that go to the page; links to further pages lead through the proxy, too. */
export function toPage(headers: Headers, { api_base, proxied, hidden }: LinkBase): Record<string, string> {
  const kept = Object.fromEntries(
    pick(headers, RESPONSE).map(([name, value]) => [name, hidden ? scrubText(value, hidden) : value]),
  )
  const { link } = kept
  return {
    ...kept,
    ...(link && { link: link.replaceAll(`<${api_base}`, `<${proxied}`) }),
    // Shown in a tab of its own it runs nothing in the name of the application.
    'content-security-policy': "sandbox; default-src 'none'",
  }
}
