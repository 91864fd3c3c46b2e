import { posix } from 'node:path'
import { parseSync, Visitor } from 'vite'

/** Who may import whom, a folder or one file of it; a folder may always import itself. */
export const LAYERS: Record<string, readonly string[]> = {
  'index.ts': ['provider', 'protocol', 'grant', 'flow', 'session', 'client'],
  'extension.ts': ['flow', 'client'],
  provider: [],
  protocol: ['provider'],
  grant: ['provider', 'protocol'],
  flow: ['provider', 'protocol'],
  session: ['provider', 'protocol'],
  client: ['provider', 'protocol', 'grant', 'flow', 'session'],
  bff: ['provider', 'protocol'],
  node: [],
  emulator: ['provider'],
  guard: [],
  vite: ['bff', 'emulator', 'node', 'guard'],
  cli: ['client/diagnose.ts', 'emulator', 'node', 'provider'],
}

/** Which folder or file may import which package; `node:` stands for all of Node's own modules. */
export const PACKAGES: Record<string, readonly string[]> = {
  // What every sign-in needs of it is ours, in 200 bytes for its 1,450; the tests hold the two against each other.
  oauth4webapi: ['protocol/openid.ts'],
  'idb-keyval': ['client/storage.ts'],
  '@remix-run/node-fetch-server': ['node'],
  jose: ['bff'],
  vite: ['vite'],
  'node:': ['node', 'vite', 'cli'],
}

const NAMELESS = /^(types|utils|helpers|constants)\.ts$/
const LONGEST = 200

/** Source texts by their path under `src`. */
export type Sources = Record<string, string>

/** Lists everything in which these sources break the rules of the house, one sentence each. */
export function violations(sources: Sources): string[] {
  const imports = Object.fromEntries(
    Object.entries(sources).map(([path, text]) => [path, importsOf(path, text)]),
  )
  const each = Object.keys(sources).flatMap((path) => [
    ...shape(path, sources[path] ?? ''),
    ...(imports[path] ?? []).flatMap((target) => judge(path, target, sources)),
  ])
  return [...each, ...cycles(imports)]
}

/** Lists what a file imports, in any way and for types too: a path under `src`, or the name of a package. */
export function importsOf(path: string, text: string): string[] {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const found = new Set<string>()
  const add = (source: unknown) => found.add(resolve(path, literal(source)))
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => node.source && add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(program)
  return [...found]
}

function literal(source: unknown): string {
  if (typeof source === 'object' && source && 'value' in source && typeof source.value === 'string')
    return source.value
  // A computed path cannot be judged, so it is none.
  return '(computed)'
}

function resolve(from: string, target: string) {
  return target.startsWith('.') ? `./${posix.join(posix.dirname(from), target)}` : target
}

function shape(path: string, text: string): string[] {
  const lines = text.trimEnd().split('\n').length
  return [
    ...(NAMELESS.test(posix.basename(path)) ? [`${path}: a name that says nothing`] : []),
    ...(lines > LONGEST ? [`${path}: ${lines} lines, more than ${LONGEST}`] : []),
    ...(layerOf(path) in LAYERS ? [] : [`${path}: ${layerOf(path)} has no row in the table of layers`]),
  ]
}

function judge(path: string, target: string, sources: Sources): string[] {
  if (!target.startsWith('./'))
    return mayUse(path, target) ? [] : [`${path}: may not import the package ${target}`]
  const file = target.slice(2)
  if (!(file in sources)) return [`${path}: imports ${file}, which is not there`]
  const allowed = [layerOf(path), ...(LAYERS[layerOf(path)] ?? [])]
  return allowed.includes(layerOf(file)) || allowed.includes(file) ? [] : [`${path}: may not import ${file}`]
}

function mayUse(path: string, target: string) {
  const places = target.startsWith('node:') ? PACKAGES['node:'] : PACKAGES[target]
  return places?.some((place) => path === place || path.startsWith(`${place}/`)) ?? false
}

/** A folder directly under `src`, or a file that lies there itself. */
function layerOf(path: string) {
  return path.split('/')[0] ?? path
}

function cycles(imports: Record<string, string[]>): string[] {
  const done = new Set<string>()
  const walk = (path: string, trail: string[]): string[] => {
    if (trail.includes(path)) return [`cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`]
    if (done.has(path)) return []
    const next = (imports[path] ?? [])
      .filter((target) => target.startsWith('./'))
      .map((target) => target.slice(2))
    const found = next.flatMap((target) => walk(target, [...trail, path]))
    done.add(path)
    return found
  }
  return Object.keys(imports).flatMap((path) => walk(path, []))
}
