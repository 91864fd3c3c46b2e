import type { Connect } from 'vite'
import type { Forge } from '../emulator/index.ts'
import { isLoopback } from '../emulator/redirect-uri.ts'
import { toNodeListener } from '../node/index.ts'

/** Tells whether an address is a path or lies below it. */
export const isBelow = (path: string, url = ''): boolean =>
  url.startsWith(path) && /^[/?]|^$/.test(url.slice(path.length))

/** Puts a forge in front of everything else. */
export function mountForge(middlewares: Connect.Server, forge: Forge): void {
  const listener = toNodeListener(forge.fetch)
  // Nobody but this machine: a forge whose passwords are public is not for the network, nor for a page with a borrowed name.
  const isLocal = (host = '') =>
    URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname)
  const handle: Connect.NextHandleFunction = (req, res, next) =>
    isBelow(forge.basePath, req.url) && isLocal(req.headers.host) ? listener(req, res) : next()
  // Before Vite's own CORS middleware, which would answer a preflight that the forge refuses.
  middlewares.stack.unshift({ route: '', handle })
}
