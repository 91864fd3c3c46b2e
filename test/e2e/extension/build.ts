import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPage } from '../oidc-provider/build.ts'

const APP = fileURLToPath(new URL('./app', import.meta.url))
const CACHE = fileURLToPath(new URL('../../../.cache', import.meta.url))

/** Builds the extension for a forge at this address, from the package as it is published, into a folder that a browser loads. */
export async function buildExtension(forge: string): Promise<{ folder: string; remove: () => void }> {
  const input = ['popup.html', 'worker.ts', 'content.ts']
  // The manifest calls them by these names.
  const output = { entryFileNames: '[name].js' }
  const files = await buildPage(APP, {
    define: { FORGE: JSON.stringify(forge) },
    build: { rolldownOptions: { input, output } },
  })
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'extension-'))
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  cpSync(join(APP, 'manifest.json'), join(folder, 'manifest.json'))
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}
