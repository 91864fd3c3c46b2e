import { dirname, join, resolve, sep } from 'node:path'
import type { Plugin, ResolvedConfig } from 'vite'
import { findSecrets, type NamedFile, type Source } from '../guard/index.ts'
import { filesIn, filesOf } from './output.ts'
import { type Origin, report } from './report.ts'
import { type GuardOptions, readSecrets, type Secrets } from './secrets.ts'
import { sourceAt, sourcesOf } from './sources.ts'

/** Remembers where workers got secrets from: each is built by itself, before it becomes an asset of the page. */
function createWorkerWatch(valuesOf: () => Secrets['values']) {
  const sources = new Map<string, readonly Source[]>()
  const plugin: Plugin = {
    name: 'forgepass:guard-worker',
    enforce: 'post',
    generateBundle(_, bundle) {
      const values = valuesOf()
      for (const { file, secret } of findSecrets(filesOf(bundle, ''), values))
        sources.set(`${secret} ${file}`, sourcesOf(file, values[secret] ?? '', { bundle, graph: this }))
    },
  }
  const origin: Origin = ({ file, secret }) => sources.get(`${secret} ${file}`) ?? []
  return { plugin, origin }
}

/** Lists the folders inside of a client's output that servers are built into. */
const serverFoldersIn = (folder: string, { root, environments }: ResolvedConfig) =>
  Object.values(environments)
    .filter(({ consumer }) => consumer === 'server')
    .map(({ build }) => resolve(root, build.outDir))
    .filter((path) => path.startsWith(folder + sep))

/** Makes an error that is its sentence alone: where in this file it arose helps nobody. */
const failure = (text: string, stack = '') => Object.assign(new Error(text), { stack })

function failOn(found: string, stack?: string): void {
  if (found) throw failure(found, stack)
}

/** Reads the secrets and makes sure that all of them can be looked for. */
async function prepare(options: GuardOptions): Promise<Secrets> {
  try {
    const secrets = await readSecrets(options)
    findSecrets([], secrets.values)
    return secrets
  } catch (error) {
    throw failure(`forgepass: ${error instanceof Error ? error.message : error}`)
  }
}

/**
 * Fails a build whose client output contains a secret: first what the bundler is about to write and the public folder, then the
 * whole output folder, where other plugins may have put more. Output for servers is left alone.
 */
export function guard(options: GuardOptions): Plugin {
  let config: ResolvedConfig
  let secrets: Secrets = { values: {}, missing: [] }
  let environment: Record<string, string> = {}
  const written = new Set<string>()
  const workers = createWorkerWatch(() => secrets.values)
  const inPublic: Origin = ({ file }, value) => sourceAt(join(config.publicDir, file), value)

  const check = (files: Iterable<NamedFile>, inBundle: Origin = () => []) =>
    report(files, {
      config,
      environment,
      values: secrets.values,
      origins: [inPublic, workers.origin, inBundle],
    })
  const checkWritten = () => {
    const folders = [...written]
    written.clear()
    return folders
      .map((folder) => check(filesIn(folder, serverFoldersIn(folder, config))))
      .join('\n')
      .trim()
  }

  return {
    name: 'forgepass:guard',
    apply: 'build',
    enforce: 'post',
    applyToEnvironment: (environment) => environment.config.consumer === 'client',
    config: () => ({ worker: { plugins: () => [workers.plugin] } }),
    configResolved(resolved) {
      config = resolved
    },
    async buildStart() {
      secrets = await prepare(options)
      // Here, so that who only imports this loads no bundler.
      const { loadEnv } = await import('vite')
      environment = loadEnv(config.mode, config.envDir, '')
      for (const name of secrets.missing)
        this.warn(`The secret "${name}" has no value here, so this build is not checked for it.`)
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const { copyPublicDir } = this.environment.config.build
        const files = filesOf(bundle, copyPublicDir ? config.publicDir : '')
        failOn(check(files, ({ file }, value) => sourcesOf(file, value, { bundle, graph: this })))
      },
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir, file = '' }) {
        written.add(resolve(config.root, dir ?? dirname(file)))
        // While watching, an error at the close would end the process.
        if (this.meta.watchMode) failOn(checkWritten())
      },
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        const found = checkWritten()
        // Vite shows what comes this late by its stack alone.
        failOn(found, found)
      },
    },
  }
}
