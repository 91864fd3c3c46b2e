import { fail } from '../protocol/errors.ts'

/** The header that only a page of the application itself can send: it makes any other page ask for leave first. */
export const CSRF_HEADER = 'forgepass-csrf'

const refuse = (): never =>
  fail('csrf', `Call the BFF from a page of its own origin, with the header ${CSRF_HEADER}: 1.`)

/** Refuses a call that another site's page may have made (RFC 10017 section 6.1.3.3): header, then Origin, then Sec-Fetch-Site. */
export function assertOwnPage({ headers }: Request, publicOrigin: string): void {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (headers.get(CSRF_HEADER) !== '1') refuse()
  if (origin !== null && origin !== publicOrigin) refuse()
  if (site !== null && site !== 'same-origin') refuse()
}

/** Refuses to be navigated to from within a frame, by script, or from a site that `sites` does not name. */
export function assertNavigation({ headers }: Request, sites: readonly string[]): void {
  const is = (name: string, allowed: readonly string[]) =>
    allowed.includes(headers.get(name) ?? allowed[0] ?? '')
  if (!is('sec-fetch-dest', ['document']) || !is('sec-fetch-mode', ['navigate'])) refuse()
  if (!is('sec-fetch-site', sites)) refuse()
}

/** Whether a browser only looks ahead, which must not use anything up. */
export const isPrefetch = ({ headers }: Request): boolean =>
  /prefetch|prerender/.test(`${headers.get('sec-purpose')} ${headers.get('purpose')}`)
