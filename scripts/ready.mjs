// @ts-check
// Node built-ins only: this runs on a fresh clone, before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { aptInstall, findEngine, howToInstall, installable, THIS_MACHINE } from './engines.mjs'
import { withLock } from './lock.mjs'
import { choose, enginesOf } from './suites.mjs'

/** @typedef {(command: string, args: string[], env: NodeJS.ProcessEnv) => Promise<void>} Run */

/**
 * @typedef {object} Seams
 * @property {string} root
 * @property {string} nodeVersion
 * @property {string} arch
 * @property {import('./engines.mjs').Machine} machine
 * @property {Run} run
 * @property {(text: string) => void} say
 */

/** @type {Seams} */
const DEFAULTS = {
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  nodeVersion: process.versions.node,
  arch: process.arch,
  machine: THIS_MACHINE,
  run,
  say: console.error,
}

/** Says what is wrong with a Node version, or nothing when it is new enough.
 * @param {string} version */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return undefined
  return `This needs Node 20.19 or newer and runs on ${version}. Get a newer one from https://nodejs.org and try again.`
}

/** Describes the state of node_modules that fits this lock file, Node and platform.
 * @param {Pick<Seams, 'root' | 'nodeVersion' | 'arch' | 'machine'>} seams */
export function wantedStamp({ root, nodeVersion, arch, machine }) {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return `${hash} node-${nodeVersion.split('.')[0]} ${machine.platform}-${arch}\n`
}

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules', '.forgepass-ready')

/** @param {string} root */
const lockPath = (root) => join(root, '.cache', 'ready.lock')

/** Tells whether the packages of the lock file are installed.
 * @param {Seams} seams */
export function isInstalled(seams) {
  const path = stampPath(seams.root)
  return existsSync(path) && readFileSync(path, 'utf8') === wantedStamp(seams)
}

/** Installs the packages of the lock file unless they are there; one process at a time.
 * @param {Partial<Seams>} [seams] */
export async function readyPackages(seams = {}) {
  const s = { ...DEFAULTS, ...seams }
  const install = async () => {
    // The process that held the lock before may have done it.
    if (isInstalled(s)) return
    s.say('Installing the packages of package-lock.json (npm ci).')
    const stamp = wantedStamp(s)
    rmSync(stampPath(s.root), { force: true })
    // --include=dev because NODE_ENV=production would leave out the compiler and the tests.
    await s.run(...npm(['ci', '--include=dev', '--no-audit', '--no-fund'], s.machine))
    writeFileSync(stampPath(s.root), stamp)
  }
  if (!isInstalled(s)) await withLock(lockPath(s.root), install, { say: s.say })
}

/** Makes sure of the engines and returns those that are still missing.
 * @param {string[]} names
 * @param {Partial<Seams>} [seams] */
export async function readyEngines(names, seams = {}) {
  const s = { ...DEFAULTS, ...seams }
  if ((await missingOf(names, s)).length === 0) return []
  const install = async () => {
    const wanted = installable(await missingOf(names, s), s.machine)
    if (wanted.length === 0) return
    s.say(`Installing ${wanted.join(', ')} (apt-get).`)
    await aptInstall(wanted, s.run, s.machine).catch((error) => s.say(error.message))
  }
  await withLock(lockPath(s.root), install, { say: s.say })
  return missingOf(names, s)
}

/** @param {string[]} names @param {Seams} s */
async function missingOf(names, s) {
  const found = await Promise.all(names.map((name) => findEngine(name, s.machine)))
  return names.filter((_, i) => !found[i])
}

/** Tells whether a continuous integration service runs this.
 * @param {NodeJS.ProcessEnv} env */
export function isCI({ CI = '' }) {
  return !['', '0', 'false'].includes(CI)
}

/** Gets this folder ready and returns the exit code; `--tests` also sees to the browsers.
 * @param {string[]} args
 * @param {Partial<Seams>} [seams] */
export async function main(args, seams = {}) {
  const s = { ...DEFAULTS, ...seams }
  const problem = nodeProblem(s.nodeVersion)
  if (problem) return refuse(problem, s)
  await readyPackages(s)
  if (!args.includes('--tests')) return 0
  const missing = await readyEngines(enginesOf(choose([], (folder) => existsSync(join(s.root, folder)))), s)
  for (const name of missing) s.say(`Missing: ${name}. To install it: ${howToInstall(name, s.machine)}`)
  // Whether a missing engine fails is for the suites that need it to say, beside what they counted.
  return 0
}

/** @param {string} problem @param {Seams} s */
function refuse(problem, s) {
  s.say(problem)
  return 1
}

/** Names the command that runs npm: the very npm that started this, if one did.
 * @param {string[]} args
 * @param {import('./engines.mjs').Machine} machine
 * @returns {[string, string[], NodeJS.ProcessEnv]} */
export function npm(args, { env, platform }) {
  const cli = env.npm_execpath ?? ''
  if (basename(cli) === 'npm-cli.js') return [process.execPath, [cli, ...args], env]
  // Windows has npm as a .cmd file, which only a shell can start.
  return platform === 'win32' ? ['cmd.exe', ['/c', 'npm', ...args], env] : ['npm', args, env]
}

/** @type {Run} */
function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: DEFAULTS.root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    current = child
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)))
    child.on('close', (code) => {
      current = undefined
      code === 0
        ? resolve()
        : reject(new Error(`${command} ${args.join(' ')} failed; its output above says why.`))
    })
  })
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let current

/** @param {'SIGINT' | 'SIGTERM' | 'SIGHUP'} signal @param {number} code */
function endOn(signal, code) {
  process.on(signal, () => {
    process.exitCode = code
    // With a child under way its end releases the lock, so that nobody installs beside it.
    current ? current.kill(signal) : process.exit(code)
  })
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  endOn('SIGINT', 130)
  endOn('SIGTERM', 143)
  endOn('SIGHUP', 129)
  const code = await main(process.argv.slice(2)).catch((error) => refuse(error.message, DEFAULTS))
  process.exit(process.exitCode ?? code)
}
