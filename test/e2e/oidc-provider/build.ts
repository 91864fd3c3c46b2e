import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type InlineConfig } from 'vite'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PAGE = fileURLToPath(new URL('./page', import.meta.url))

/** The files of a built page by their path, such as `/index.html`. */
export type Built = ReadonlyMap<string, string | Uint8Array>

/** Builds the package as it is published, installs it beside the page in the folder `source`, and builds that as any application would, with what is special about it. */
export async function buildPage(
  source = PAGE,
  { build: special, ...more }: InlineConfig = {},
): Promise<Built> {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  // Inside the project, so that the package finds its own dependencies on the way up.
  const folder = mkdtempSync(join(ROOT, '.cache', 'page-'))
  try {
    const installed = join(folder, 'node_modules', 'forgepass')
    const options = { outDir: join(installed, 'dist'), emptyOutDir: true }
    const configFile = join(ROOT, 'vite.config.ts')
    await build({ root: ROOT, configFile, mode: 'lib', logLevel: 'error', build: options })
    copyFileSync(join(ROOT, 'package.json'), join(installed, 'package.json'))
    // Without a package.json of its own the page would be part of the project, and the package its own.
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    cpSync(source, join(folder, 'page'), { recursive: true })
    const modulePreload = { polyfill: false }
    return await bundle({
      ...more,
      root: join(folder, 'page'),
      build: { write: false, target: 'es2022', modulePreload, ...special },
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function bundle(config: InlineConfig): Promise<Built> {
  const result = await build({ configFile: false, logLevel: 'error', ...config })
  const outputs = [result].flat().flatMap((part) => ('output' in part ? part.output : []))
  return new Map(
    outputs.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  )
}
