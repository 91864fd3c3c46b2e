// @ts-check
import { mkdirSync, readFileSync, rmdirSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** @typedef {{ owner: string, mtimeMs: number }} Held */

/**
 * @typedef {object} LockSeams
 * @property {number} pid
 * @property {string} host
 * @property {(pid: number) => boolean} isAlive
 * @property {(text: string) => void} say
 * @property {number} poll     how often a waiting process looks again, in ms
 * @property {number} pulse    how often the holder shows that it lives, in ms
 * @property {number} still    how long a lock may show no life before it counts as left behind, in ms
 * @property {number} patience how long to wait for another process at most, in ms
 */

/** @type {LockSeams} */
const DEFAULTS = {
  pid: process.pid,
  host: hostname(),
  isAlive,
  say: console.error,
  poll: 200,
  pulse: 2_000,
  still: 30_000,
  patience: 15 * 60_000,
}

/** Tells whether a process of this machine exists.
 * @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM is the answer for a living process of another user.
    return codeOf(error) === 'EPERM'
  }
}

/** Runs `work` while no other process holds the lock file; waits for its turn, at most `patience` ms.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {Partial<LockSeams>} [seams]
 * @returns {Promise<T>} */
export async function withLock(path, work, seams = {}) {
  const s = { ...DEFAULTS, ...seams }
  const owner = JSON.stringify({ pid: s.pid, host: s.host })
  mkdirSync(dirname(path), { recursive: true })
  await take(path, owner, s)
  const release = () => releaseOwn(path, owner)
  // The exit event covers process.exit() from a signal handler; nothing asynchronous may be needed here.
  process.once('exit', release)
  const heart = setInterval(() => beat(path), s.pulse)
  try {
    return await work()
  } finally {
    clearInterval(heart)
    process.off('exit', release)
    release()
  }
}

/** @param {string} path @param {string} owner @param {LockSeams} s */
async function take(path, owner, s) {
  const start = Date.now()
  let seen = { mtimeMs: -1, since: start }
  for (let turn = 0; !create(path, owner); turn++) {
    const held = look(path)
    if (held && held.mtimeMs !== seen.mtimeMs) seen = { mtimeMs: held.mtimeMs, since: Date.now() }
    if (held && isLeftBehind(held, Date.now() - seen.since, s)) removeLeftBehind(path, held)
    else if (Date.now() - start > s.patience)
      throw new Error(`${path} is held by ${held?.owner}. Stop it, or delete the file.`)
    else {
      if (turn === 0) s.say(`Waiting for another command that is getting this folder ready (${path}).`)
      await delay(s.poll)
    }
  }
}

/** @param {string} path @param {string} owner */
function create(path, owner) {
  try {
    writeFileSync(path, owner, { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** @param {string} path @returns {Held | undefined} */
function look(path) {
  try {
    return { owner: readFileSync(path, 'utf8'), mtimeMs: statSync(path).mtimeMs }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Tells whether the holder of a lock is gone: it is dead on this host, or showed no life for too long.
 * @param {Held} held
 * @param {number} stillFor ms in which the watcher, by its own clock, saw no sign of life
 * @param {Pick<LockSeams, 'host' | 'isAlive' | 'still'>} s */
export function isLeftBehind(held, stillFor, s) {
  // Covers another host, an empty file of a writer that died, and a process id that was given to somebody else.
  if (stillFor > s.still) return true
  try {
    const { pid, host } = JSON.parse(held.owner)
    return host === s.host && !s.isAlive(pid)
  } catch {
    return false
  }
}

/** @param {string} path @param {Held} held */
function removeLeftBehind(path, held) {
  const guard = `${path}.removing`
  try {
    // Without the guard a slow remover could delete the lock that a quicker one has just taken.
    mkdirSync(guard)
  } catch {
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > 10_000) rmdirSync(guard)
    return
  }
  const now = look(path)
  if (now && now.owner === held.owner && now.mtimeMs === held.mtimeMs) unlinkSync(path)
  rmdirSync(guard)
}

/** @param {string} path @param {string} owner */
function releaseOwn(path, owner) {
  if (look(path)?.owner === owner) unlinkSync(path)
}

/** @param {string} path */
function beat(path) {
  try {
    utimesSync(path, new Date(), new Date())
  } catch (error) {
    // Somebody deleted the file by hand, as the message of a waiting process offers; the work goes on.
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
