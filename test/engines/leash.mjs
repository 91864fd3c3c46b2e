// @ts-check
// Runs a program, with a home of its own, for as long as somebody holds the other end of this process's standard input.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const home = mkdtempSync(join(tmpdir(), 'forgepass-home-'))
const env = { HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home }
const [command = '', ...args] = process.argv.slice(2)
const child = spawn(command, args, {
  env: { ...process.env, ...env },
  stdio: ['ignore', 'inherit', 'inherit'],
})

/** Takes the home away and ends.
 * @param {number} code @param {number} [tries] */
function leave(code, tries = 50) {
  try {
    rmSync(home, { recursive: true, force: true })
  } catch {
    // A browser writes to its profile for a moment longer than its driver lives.
  }
  if (existsSync(home) && tries > 0) setTimeout(leave, 50, code, tries - 1)
  else process.exit(code)
}

child.on('error', ({ message }) => {
  console.error(message)
  leave(1)
})
child.on('exit', (code) => leave(code ?? 1))

const end = () => child.kill('SIGTERM')
// The pipe closes however its holder ends, also when that is killed and cannot clean up.
process.stdin.resume().on('close', end)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)
