// @ts-check
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findEngine, howToInstall } from './engines.mjs'
import { isCI } from './ready.mjs'
import { choose } from './suites.mjs'
import { add, line, NOTHING, tally } from './tally.mjs'

/** @typedef {import('./suites.mjs').Suite} Suite */
/** @typedef {import('./tally.mjs').Tally} Tally */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MINUTES_PER_SUITE = 20

/** @type {import('node:child_process').ChildProcess | undefined} */
let current

/** Runs the suites one after another and returns their tallies by name.
 * @param {Suite[]} suites
 * @param {(suite: Suite) => Promise<Tally>} run
 * @param {(text: string) => void} say */
export async function runAll(suites, run, say) {
  /** @type {[string, Tally][]} */
  const results = []
  for (const suite of suites) {
    say(`\n── ${suite.name}`)
    const start = performance.now()
    const result = await run(suite)
    say(`── ${suite.name}: ${line(result)} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
    results.push([suite.name, result])
  }
  return results
}

/** Sums the suites up, the names of failures first and the one line of numbers last.
 * @param {[string, Tally][]} results
 * @param {(text: string) => void} say */
export function summarize(results, say) {
  const total = results.map(([, result]) => result).reduce(add, NOTHING)
  say('')
  for (const failure of total.failures) say(`FAILED: ${failure}`)
  say(line(total))
  return total.failed > 0 ? 1 : 0
}

/** @param {Suite} suite @param {string} folder where its report goes @returns {Promise<Tally>} */
async function runSuite(suite, folder) {
  for (const engine of suite.needs ?? []) {
    if (!(await findEngine(engine))) return notRun(suite, engine)
  }
  const file = join(folder, `${suite.name}.json`)
  const problem = await start(suite, file)
  return tally(suite, { report: readReport(file), problem })
}

/** @param {Suite} suite @param {string} engine @returns {Tally} */
function notRun(suite, engine) {
  const text = `NOT RUN: ${suite.name} — ${howToInstall(engine)}`
  console.log(text)
  return isCI(process.env) ? { ...NOTHING, failed: 1, failures: [text] } : { ...NOTHING, skipped: 1 }
}

/** @param {Suite} suite @param {string} file @returns {Promise<string | undefined>} how it ended, if not well */
function start(suite, file) {
  const [script = '', ...args] = suite.command
  const reporters = {
    exit: [],
    vitest: ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    playwright: ['--reporter=list,json'],
  }
  const child = spawn(
    process.execPath,
    [join(ROOT, 'node_modules', script), ...args, ...reporters[suite.counts]],
    {
      cwd: ROOT,
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
      stdio: ['ignore', 'inherit', 'inherit'],
      // A group of its own, so that ending it ends its workers too.
      detached: process.platform !== 'win32',
    },
  )
  current = child
  const timer = setTimeout(() => end('SIGTERM'), MINUTES_PER_SUITE * 60_000)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => {
      current = undefined
      resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`)
    })
  }).finally(() => clearTimeout(timer))
}

/** @param {string} file @returns {unknown} */
function readReport(file) {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {NodeJS.Signals} signal */
function end(signal) {
  const pid = current?.pid
  if (!pid) return
  try {
    process.platform === 'win32'
      ? spawn('taskkill', ['/pid', `${pid}`, '/t', '/f'])
      : process.kill(-pid, signal)
  } catch {
    // The group has ended by itself.
  }
}

/** @param {NodeJS.Signals} signal @param {number} code */
function endOn(signal, code) {
  process.on(signal, () => stop(signal, code))
}

/** @param {NodeJS.Signals} signal @param {number} code */
function stop(signal, code) {
  if (!current) process.exit(code)
  current.on('close', () => process.exit(code))
  end(signal)
  setTimeout(() => end('SIGKILL'), 5_000)
}

/** Ends the run when the shell that npm put in between was ended, which passes no signal on. */
function endWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop('SIGTERM', 143)
  }, 500)
  watch.unref()
}

async function main() {
  const suites = choose(process.argv.slice(2), (folder) => existsSync(join(ROOT, folder)))
  const folder = mkdtempSync(join(tmpdir(), 'forgepass-reports-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const results = await runAll(suites, (suite) => runSuite(suite, folder), console.log)
  return summarize(results, console.log)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  endOn('SIGINT', 130)
  endOn('SIGTERM', 143)
  endWithParent()
  process.exitCode = await main().catch((error) => {
    console.error(error.message)
    return 1
  })
}
