import { readFileSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import { type Binding, findBinding, type Source } from '../guard/index.ts'
import type { Bundle } from './output.ts'

/** What a bundler knows of all its modules. */
export interface Graph {
  getModuleIds: () => Iterable<string>
}

/** Takes off what bundlers put around the path of a module. */
const pathOf = (id: string) => id.replace(/^\0/, '').replace(/[?#].*$/s, '')

/** Reads a file; a module that is none, such as those that plugins make, has no text. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function search(ids: Iterable<string>, find: (id: string) => Binding | undefined): Source[] {
  const byPath = new Map<string, Source>()
  for (const id of ids) {
    const path = pathOf(id)
    const binding = byPath.has(path) ? undefined : find(id)
    if (binding) byPath.set(path, { path, ...binding })
  }
  return [...byPath.values()]
}

/** Finds a secret in a file as it lies on the disk. */
export const sourceAt = (path: string, value: string): Source[] =>
  search([path], () => findBinding(textOf(path), value))

/** Lists the modules that brought a secret into an output file, in the place where they say it themselves. */
export function sourcesOf(file: string, value: string, { bundle, graph }: { bundle: Bundle; graph: Graph }) {
  const chunk = bundle[file.replace(/\.map$/, '')]
  const modules = chunk?.type === 'chunk' ? chunk.modules : {}
  const saysSo = (id: string) => findBinding(textOf(pathOf(id)), value)
  // Values that the build knows are in the modules' code only when it is rendered.
  const getsIt = (id: string) => findBinding(modules[id]?.code ?? '', value)
  const own = search(Object.keys(modules), saysSo)
  if (own.length > 0) return own
  // Bundlers move constants into the modules that use them.
  const anywhere = search(graph.getModuleIds(), saysSo)
  return anywhere.length > 0 ? anywhere : search(Object.keys(modules), getsIt)
}

/** Shortens a path to what one would write at the project's terminal. */
export function shortPath(path: string, root: string): string {
  const candidates = isAbsolute(path) ? [process.cwd(), root].map((base) => relative(base, path)) : []
  const inside = candidates.find((candidate) => !/^\.\.|^$/.test(candidate) && !isAbsolute(candidate))
  return (inside ?? path).replaceAll('\\', '/')
}
