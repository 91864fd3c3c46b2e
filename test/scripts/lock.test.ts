import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive, isLeftBehind, withLock } from '../../scripts/lock.mjs'

const LOCK_MODULE = new URL('../../scripts/lock.mjs', import.meta.url).href
const QUICK = { poll: 5, pulse: 20, still: 200, patience: 2_000, say: () => {} }

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forgepass-lock-'))
  path = join(folder, 'ready.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Starts a process that takes the lock, writes `in`, waits, writes `out`. */
function holder(hold: number) {
  const code = `
    import { withLock } from ${JSON.stringify(LOCK_MODULE)}
    import { appendFileSync } from 'node:fs'
    await withLock(${JSON.stringify(path)}, async () => {
      appendFileSync(${JSON.stringify(`${path}.log`)}, 'in ')
      console.log('in')
      await new Promise((done) => setTimeout(done, ${hold}))
      appendFileSync(${JSON.stringify(`${path}.log`)}, 'out ')
    }, { poll: 5, say: () => {} })`
  return spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

const ended = (child: ReturnType<typeof holder>) => new Promise((resolve) => child.on('close', resolve))
const started = (child: ReturnType<typeof holder>) =>
  new Promise((resolve) => child.stdout?.once('data', resolve))

describe('withLock', () => {
  it('lets several processes in one after another', async () => {
    await Promise.all([holder(30), holder(30), holder(30)].map(ended))
    expect(readFileSync(`${path}.log`, 'utf8')).toBe('in out in out in out ')
    expect(existsSync(path)).toBe(false)
  })

  it('takes over from a process that was killed', async () => {
    const killed = holder(60_000)
    await started(killed)
    killed.kill('SIGKILL')
    await ended(killed)
    expect(existsSync(path)).toBe(true)
    expect(await withLock(path, async () => 'mine', QUICK)).toBe('mine')
  })

  it('waits for a process that lives, says so once, and gives up at last', async () => {
    const busy = holder(60_000)
    await started(busy)
    const said: string[] = []
    const seams = { ...QUICK, still: 60_000, patience: 50, say: (text: string) => said.push(text) }
    await expect(withLock(path, async () => 'mine', seams)).rejects.toThrow(`${path} is held by`)
    expect(said).toHaveLength(1)
    busy.kill()
    await ended(busy)
  })

  it('takes over a lock that shows no life, whoever left it', async () => {
    writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere.example' }))
    const start = Date.now()
    await withLock(path, async () => {}, { ...QUICK, still: 60 })
    expect(Date.now() - start).toBeGreaterThanOrEqual(60)
  })

  it('shows life while it works', async () => {
    const work = () => new Promise<void>((done) => setTimeout(done, 400))
    const order: string[] = []
    const first = withLock(path, work, { ...QUICK, pid: 1 }).then(() => order.push('first'))
    const second = withLock(path, async () => {}, { ...QUICK, pid: 2, isAlive: () => true }).then(() =>
      order.push('second'),
    )
    await Promise.all([first, second])
    expect(order).toEqual(['first', 'second'])
  })

  it('lets go when the work fails, and never removes the lock of another', async () => {
    await expect(withLock(path, () => Promise.reject(new Error('no')), QUICK)).rejects.toThrow('no')
    expect(existsSync(path)).toBe(false)
    await withLock(path, async () => writeFileSync(path, 'another'), QUICK)
    expect(readFileSync(path, 'utf8')).toBe('another')
  })
})

describe('isLeftBehind', () => {
  const held = (owner: object | string) => ({
    owner: typeof owner === 'string' ? owner : JSON.stringify(owner),
    mtimeMs: 0,
  })
  const seams = { host: 'here', still: 100, isAlive: (pid: number) => pid === 5 }

  it.each([
    ['a dead process of this host', { pid: 4, host: 'here' }, true],
    ['a process of this host that lives', { pid: 5, host: 'here' }, false],
    ['a process of another host, of which nothing is known', { pid: 4, host: 'there' }, false],
    ['a writer that has not written yet', '', false],
  ])('judges %s', (_, owner, verdict) => expect(isLeftBehind(held(owner), 0, seams)).toBe(verdict))

  it('gives up on any of them after a while without a sign of life', () => {
    expect(isLeftBehind(held({ pid: 5, host: 'here' }), 101, seams)).toBe(true)
  })

  it('knows who lives', () => {
    expect(isAlive(process.pid)).toBe(true)
    expect(isAlive(2 ** 22 + 1)).toBe(false)
  })
})
