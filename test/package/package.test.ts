import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { importsOf } from '../layers.ts'
import { execute, type Staged, stage } from './staged.ts'

let staged: Staged
let files: string[]
beforeAll(() => {
  staged = stage()
  const all = readdirSync(staged.installed, { recursive: true, withFileTypes: true })
  files = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  files = files.map((path) => path.slice(staged.installed.length + 1).replaceAll('\\', '/'))
})
afterAll(() => staged?.remove())

const targets = Object.values(manifest.exports).flatMap((target) =>
  typeof target === 'string' ? target : Object.values(target),
)
const entries = Object.keys(manifest.exports).filter((name) => !name.endsWith('.json'))
const specifier = (entry: string) => entry.replace('.', manifest.name)

describe('the packed package', () => {
  it('pleases publint, its suggestions included', async () => {
    const { messages, pkg } = await publint({
      pack: { tarball: toArrayBuffer(staged.tarball) },
      strict: true,
    })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  it.each([...targets, ...Object.values(manifest.bin)])('holds %s', (target) => {
    expect(files).toContain(target.replace('./', ''))
  })

  it('holds the built files and three documents, nothing else', () => {
    const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
    expect(files.filter((path) => !path.startsWith('dist/')).sort()).toEqual(documents)
    expect(files.filter((path) => path.startsWith('dist/') && !/\.(js|d\.ts)$/.test(path))).toEqual([])
  })

  it('names no other file of itself than those it holds', () => {
    const lost = files.filter((path) => path.startsWith('dist/')).flatMap(danglingImports)
    expect(lost).toEqual([])
  })

  it('imports no package that it does not declare', () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    const named = files
      .filter((path) => path.startsWith('dist/'))
      .flatMap(importsIn)
      .filter((name) => !/^(\.|node:)/.test(name))
    expect([...new Set(named)].filter((name) => !declared.includes(name))).toEqual([])
  })

  it('has a command that Node can read', () => {
    const command = join(staged.installed, manifest.bin.forgepass)
    expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    execute(process.execPath, ['--check', command], staged.consumer)
  })
})

describe('an entry', () => {
  it.each(entries)('%s does nothing when it is imported', (entry) => {
    // The pause lets Node close the files it has read.
    const code = `
      const names = () => [...Object.getOwnPropertyNames(globalThis), ...process.eventNames()]
      const before = names()
      const entry = await import(${JSON.stringify(specifier(entry))})
      await new Promise((done) => setTimeout(done, 20))
      const added = names().filter((name) => !before.includes(name))
      console.log(JSON.stringify({ exported: Object.keys(entry), added, running: process.getActiveResourcesInfo() }))
      process.exit()`
    const printed = execute(process.execPath, ['--input-type=module', '--eval', code], staged.consumer)
    const { exported, ...effects } = JSON.parse(printed)
    expect(exported).not.toEqual([])
    expect(effects).toEqual({ added: [], running: [] })
  })
})

describe('the types', () => {
  const imports = (names: string[]) =>
    names.map((name, i) => `import * as e${i} from '${specifier(name)}'; e${i}`).join('\n')
  const check = (file: string, text: string, ...options: string[]) => {
    writeFileSync(join(staged.consumer, file), text)
    const compiler = new URL('../../node_modules/typescript/bin/tsc', import.meta.url).pathname
    const base = ['--ignoreConfig', '--strict', '--noEmit', '--target', 'es2022']
    execute(process.execPath, [compiler, ...base, ...options, file], staged.consumer)
  }

  it.each(['bundler', 'nodenext'])(
    'of the browser entries stand alone, without those of Node (%s)',
    (resolution) => {
      const text = imports(entries.filter((entry) => ['.', './providers', './extension'].includes(entry)))
      const module = resolution === 'bundler' ? 'esnext' : 'nodenext'
      check(
        'browser.ts',
        text,
        '--moduleResolution',
        resolution,
        '--module',
        module,
        '--lib',
        'es2022,dom',
        '--types',
        '',
      )
    },
  )

  it('of all entries are found by Node', () => {
    const options = [
      '--module',
      'nodenext',
      '--types',
      'node',
      '--skipLibCheck',
      '--lib',
      'es2022,dom,dom.iterable',
    ]
    check('server.ts', imports(entries), ...options)
  })
})

function toArrayBuffer(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer
}

/** Lists what a packed file imports; examples in its comments are none. */
function importsIn(path: string): string[] {
  return importsOf(path, readFileSync(join(staged.installed, path), 'utf8'))
}

/** Lists the relative imports of a built file that lead to no file; a declaration may name the source it stands for. */
function danglingImports(path: string): string[] {
  return importsIn(path)
    .filter((name) => name.startsWith('.'))
    .map((name) => (path.endsWith('.d.ts') ? name.replace(/\.ts$/, '.d.ts') : name))
    .filter((name) => !existsSync(join(staged.installed, name)))
}
