import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { NamedFile } from '../guard/index.ts'

/** What a bundler is about to write: chunks with the modules in them, and assets. */
export type Bundle = Readonly<Record<string, Chunk | Asset>>

interface Chunk {
  readonly type: 'chunk'
  readonly code: string
  readonly modules: Readonly<Record<string, { readonly code: string | null }>>
}

interface Asset {
  readonly type: 'asset'
  readonly source: string | Uint8Array
}

const isBelow = (path: string, folders: readonly string[]) =>
  folders.some((folder) => path.startsWith(`${folder}${sep}`))

/** Reads all files of a folder, one after the other, except those of certain folders in it. */
export function* filesIn(folder: string, except: readonly string[] = []): Generator<NamedFile> {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !isBelow(path, except))
      yield [relative(folder, path).replaceAll('\\', '/'), readFileSync(path)]
  }
}

/** Lists what a bundler is about to write, and what is copied from the public folder if there is one. */
export function* filesOf(bundle: Bundle, publicDir: string): Generator<NamedFile> {
  for (const [name, file] of Object.entries(bundle))
    yield [name, file.type === 'chunk' ? file.code : file.source]
  if (publicDir) yield* filesIn(publicDir)
}
