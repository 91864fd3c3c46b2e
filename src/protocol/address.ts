/** Scheme and host. Not `origin`: that of every address with a scheme of an app's own is `null`. */
const rootOf = ({ protocol, host }: URL) => `${protocol}//${host}`

/** The page of an address: scheme, host and path; empty for what is no address. */
export function pageOf(address: string | URL): string {
  const url = URL.canParse(address) && new URL(address)
  return url ? rootOf(url) + url.pathname : ''
}

/** Where to go back to from `page`: a path of its host, or `/` for anything that could lead elsewhere (RFC 9700 section 4.11.1). */
export function localPath(return_to: string, page: URL): string {
  const root = rootOf(page)
  const url = URL.canParse(return_to, root) && new URL(return_to, root)
  const path = url && rootOf(url) === root ? url.pathname + url.search + url.hash : ''
  // A path that starts with two slashes would be read as a host.
  return /^\/(?!\/)/.test(path) ? path : '/'
}
