import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { THIS_MACHINE } from '../../scripts/engines.mjs'
import { npm } from '../../scripts/ready.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** All that the build may need; what else lies in the project has no part in it. */
const INPUTS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'vite.config.ts', 'src', '.npmrc']
const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'LICENSE']

/** The package as a registry would get it, and a project that has it installed. */
export interface Staged {
  readonly tarball: Buffer
  /** A folder under which `import 'forgepass'` finds the unpacked tarball and its dependencies. */
  readonly consumer: string
  readonly installed: string
  readonly remove: () => void
}

/** Builds and packs a copy of the project, so that no `dist` in use is touched, and unpacks it for a consumer. */
export function stage(): Staged {
  const cache = join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  // Inside the project, so that the consumer finds the dependencies on the way up.
  const folder = mkdtempSync(join(cache, 'package-'))
  const copy = join(folder, 'copy')
  for (const name of [...INPUTS, ...DOCUMENTS]) {
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction')
  const [command, args, env] = npm(['pack', '--pack-destination', folder, '--silent'], THIS_MACHINE)
  execute(command, args, copy, env)
  const { name, version } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'))
  const tarball = join(folder, `${name}-${version}.tgz`)
  const consumer = join(folder, 'consumer')
  const installed = join(consumer, 'node_modules', name)
  mkdirSync(installed, { recursive: true })
  execute('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], folder)
  // Without a package.json of its own the consumer would be part of the project and get its `dist`.
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }')
  return {
    tarball: readFileSync(tarball),
    consumer,
    installed,
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Runs a command to its end and returns what it printed; throws with all of its output when it fails. */
export function execute(
  command: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? ''}\n${stdout}\n${stderr}`)
}
