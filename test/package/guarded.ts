import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inspect, stripVTControlCharacters } from 'node:util'
import { build, createLogger, type InlineConfig, type Logger, type Plugin } from 'vite'
import { gitkraken } from '../../src/provider/index.ts'
import { type ForgepassPluginOptions, forgepass } from '../../src/vite/index.ts'

/** Texts of files by their path in a project. */
export type Files = Readonly<Record<string, string>>

/** What became of a build. */
export interface Built {
  /** The error's message, without the words of the bundler; empty if the build is well. */
  readonly error: string
  readonly warnings: readonly string[]
  /** What lies in the output folder afterwards. */
  readonly written: readonly string[]
  /** Everything that a terminal would have shown. */
  readonly output: string
  /** All that the command line of older Vites shows of an error. */
  readonly stack: string
}

/** Options of a BFF with one forge. */
export const bffWith = (client_secret: string | (() => Promise<string>)) => ({
  providers: { gitkraken: { provider: gitkraken(), client_id: 'app', client_secret, scope: 'user:read' } },
  cookieSecret: 'a-cookie-secret-of-32-characters',
})

const PAGE = '<!doctype html><title>App</title><script type="module" src="/src/main.ts"></script>'

/** Puts an application into a folder of its own. */
function project(files: Files) {
  const root = mkdtempSync(join(tmpdir(), 'forgepass-guard-'))
  for (const [path, text] of Object.entries({ 'index.html': PAGE, 'src/main.ts': '', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const filesBelow = (folder: string) =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : []

/** Collects what a build would show in a terminal. */
function listen() {
  const [lines, warnings]: [string[], string[]] = [[], []]
  const customLogger: Logger = {
    ...createLogger('silent'),
    error: (line) => void lines.push(line),
    warn: (line) => void warnings.push(line),
    warnOnce: (line) => void warnings.push(line),
  }
  return { warnings, customLogger, output: () => [...lines, ...warnings].join('\n') }
}

/** Builds an application with Vite and the guard. */
export async function buildGuarded(
  files: Files,
  options: ForgepassPluginOptions & { vite?: InlineConfig; plugins?: (root: string) => Plugin[] },
): Promise<Built> {
  const { vite, plugins = () => [], ...guarded } = options
  const root = project(files)
  const { warnings, customLogger, output } = listen()
  const config: InlineConfig = { ...vite, root, configFile: false, logLevel: 'warn', customLogger }
  const all = [...plugins(root), forgepass(guarded)]
  const caught: unknown = await build({ ...config, plugins: all }).catch((error: unknown) => error)
  const written = filesBelow(join(root, 'dist'))
  rmSync(root, { recursive: true })
  if (!(caught instanceof Error)) return { error: '', warnings, written, output: output(), stack: '' }
  // Vite colours its words where it takes itself to be in a terminal or in CI.
  const error = stripVTControlCharacters(caught.message).replace(/^[\s\S]*?\nError: /, '')
  const { stack = '' } = caught
  return { error, warnings, written, output: `${output()}\n${inspect(caught)}`, stack }
}
