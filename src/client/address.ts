/** The page of an address: scheme, host and path; empty for what is no address. */
export function pageOf(address: string | URL): string {
  if (!URL.canParse(address)) return ''
  // Not `origin`: that of every address with a scheme of an app's own is `null`.
  const { protocol, host, pathname } = new URL(address)
  return `${protocol}//${host}${pathname}`
}

/** The redirect_uri as it is sent: absolute as given, byte for byte, or a path of this origin made absolute. */
export const absoluteRedirectUri = (redirect_uri: string): string =>
  /^\/(?!\/)/.test(redirect_uri) ? globalThis.location?.origin + redirect_uri : redirect_uri

/** Where to go back to: a path of this origin, or `/` for anything that could lead elsewhere (RFC 9700 section 4.11.1). */
export function localPath(return_to: string, origin: string): string {
  const url = URL.canParse(return_to, origin) && new URL(return_to, origin)
  const path = url && url.origin === origin ? url.pathname + url.search + url.hash : ''
  // A path that starts with two slashes would be read as a host; that of a blob: is an address.
  return /^\/(?!\/)/.test(path) ? path : '/'
}
