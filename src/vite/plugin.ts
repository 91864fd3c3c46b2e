import type { Plugin, PreviewServer, ViteDevServer } from 'vite'
import { createForge, type Forge, type ForgeName } from '../emulator/index.ts'
import { guard } from './guard.ts'
import { mountForge } from './mount.ts'
import { type BffOption, mountBff } from './mount-bff.ts'

/** What {@link forgepass} adds to a Vite server, and what it keeps out of a build. */
export interface ForgepassPluginOptions {
  /** Forges by the path they are mounted under: a name makes one with default options. */
  readonly forges?: Readonly<Record<string, ForgeName | Forge>>
  /** The BFF, whose secrets no build may contain. As a function it is called in every build too, with a made-up origin. */
  readonly bff?: BffOption | undefined
  /** Further secrets that no build may contain, by the name that an error is to call them. */
  readonly secrets?: Readonly<Record<string, string | undefined>> | undefined
}

/** Builds a forge for its path, or checks that the given one lives there. */
function forgeAt(path: string, forge: ForgeName | Forge): Forge {
  if (!/^\/.*[^/]$/.test(path))
    throw new Error(`forgepass: "${path}" must start with a slash and not end with one.`)
  if (typeof forge === 'string') return createForge(forge, { basePath: path })
  if (forge.basePath === path) return forge
  throw new Error(`forgepass: the forge at "${path}" was created with the basePath "${forge.basePath}".`)
}

/**
 * Mounts forges in memory and the application's BFF in Vite's development and preview servers, so that it can be signed in to
 * without any account; and fails a build whose output for browsers contains a secret.
 * @example export default defineConfig({ plugins: [forgepass({ forges: { '/forge/gitlab': 'gitlab' } })] })
 */
export function forgepass(options: ForgepassPluginOptions): Plugin[] {
  const { bff } = options
  const forges = Object.entries(options.forges ?? {}).map(([path, forge]) => forgeAt(path, forge))
  const mountAll = (server: ViteDevServer | PreviewServer) => {
    for (const forge of forges) mountForge(server.middlewares, forge)
    if (bff) mountBff(server, bff)
  }
  return [{ name: 'forgepass', configureServer: mountAll, configurePreviewServer: mountAll }, guard(options)]
}
