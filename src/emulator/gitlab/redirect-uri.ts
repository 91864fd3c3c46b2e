import type { Client } from '../client.ts'
import { acceptsRedirectUri, matchesRedirectUri } from '../redirect-uri.ts'

/** The path as it is written: `URL` would resolve its dots. */
const pathOf = (uri: string): string => /^[^:]*:(?:\/\/[^/?#]*)?([^?#]*)/.exec(uri)?.[1] || '/'

/** Tells whether two addresses are the same to Doorkeeper, which resolves no dots. */
export const isSameAddress = (uri: string, registered: string): boolean =>
  matchesRedirectUri(uri, registered) && pathOf(uri) === pathOf(registered)

/** Tells whether a client may be sent back to an address. */
export const mayReturnTo = (client: Client, uri: string): boolean =>
  acceptsRedirectUri(client, uri, { same: isSameAddress })
