import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const LEASH = fileURLToPath(new URL('./leash.mjs', import.meta.url))
/** Holds a program at the leash, which says who it is and where its home is, and does nothing more. */
const holder = `
  const program = 'console.log(process.pid, process.env.HOME); setInterval(() => {}, 1000)'
  const args = [process.argv[1], process.execPath, '-e', program]
  require('node:child_process').spawn(process.execPath, args, { stdio: ['pipe', 'inherit', 'inherit'] })`

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'ends a program and its home when its holder is ended by %s',
  async (signal) => {
    const child = spawn(process.execPath, ['-e', holder, LEASH], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [words] = await once(child.stdout, 'data')
    const [pid = '', home = ''] = `${words}`.trim().split(' ')
    expect(isAlive(Number(pid))).toBe(true)
    const homes = () => readdirSync(tmpdir()).filter((name) => home.endsWith(name))
    expect(homes()).toHaveLength(1)
    child.kill(signal)
    await expect.poll(() => isAlive(Number(pid))).toBe(false)
    await expect.poll(homes).toEqual([])
  },
)
