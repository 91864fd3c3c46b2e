import type { Connect, Plugin } from 'vite'
import { createForge, type Forge, type ForgeName } from '../emulator/index.ts'
import { isLoopback } from '../emulator/redirect-uri.ts'
import { toNodeListener } from '../node/index.ts'

/** What {@link forgepass} adds to a Vite server. */
export interface ForgepassPluginOptions {
  /** Forges by the path they are mounted under: a name makes one with default options. */
  readonly forges: Readonly<Record<string, ForgeName | Forge>>
}

/** Builds a forge for its path, or checks that the given one lives there. */
function forgeAt(path: string, forge: ForgeName | Forge): Forge {
  if (!/^\/.*[^/]$/.test(path))
    throw new Error(`forgepass: "${path}" must start with a slash and not end with one.`)
  if (typeof forge === 'string') return createForge(forge, { basePath: path })
  if (forge.basePath === path) return forge
  throw new Error(`forgepass: the forge at "${path}" was created with the basePath "${forge.basePath}".`)
}

/** Puts a forge in front of everything else. */
function mount(middlewares: Connect.Server, forge: Forge): void {
  const listener = toNodeListener(forge.fetch)
  const isBelow = (url = '') =>
    url.startsWith(forge.basePath) && /^[/?]|^$/.test(url.slice(forge.basePath.length))
  // Nobody but this machine: a forge whose passwords are public is not for the network, nor for a page with a borrowed name.
  const isLocal = (host = '') =>
    URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname)
  const handle: Connect.NextHandleFunction = (req, res, next) =>
    isBelow(req.url) && isLocal(req.headers.host) ? listener(req, res) : next()
  // Before Vite's own CORS middleware, which would answer a preflight that the forge refuses.
  middlewares.stack.unshift({ route: '', handle })
}

/**
 * Mounts forges in memory in Vite's development and preview servers, so that an application can be signed in to without any
 * account; a build knows nothing of them.
 * @example export default defineConfig({ plugins: [forgepass({ forges: { '/forge/gitlab': 'gitlab' } })] })
 */
export function forgepass(options: ForgepassPluginOptions): Plugin {
  const forges = Object.entries(options.forges).map(([path, forge]) => forgeAt(path, forge))
  const mountAll = ({ middlewares }: { middlewares: Connect.Server }) => {
    for (const forge of forges) mount(middlewares, forge)
  }
  return { name: 'forgepass', configureServer: mountAll, configurePreviewServer: mountAll }
}
