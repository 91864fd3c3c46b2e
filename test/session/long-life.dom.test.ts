import { afterEach, expect, it } from 'vitest'
import { json, startApp, until } from '../client/app.ts'
import { put, takeBack } from '../security/window.ts'

/** The longest time that a timer of a browser can be set for; more of it and it rings at once. */
const LONGEST = 2 ** 31 - 1

/** The timers of the page from now on: none rings by itself. */
function holdTimers() {
  const waiting = new Map<number, { task: () => void; wait: number }>()
  const waits: number[] = []
  let count = 1e9
  put('setTimeout', (task: () => void, wait = 0) => {
    waits.push(wait)
    waiting.set(++count, { task, wait })
    return count
  })
  put('clearTimeout', (timer: number) => void waiting.delete(timer))
  /** Lets the next one ring; gives how long it has been waited for. */
  const ring = (clock: { now: number }) => {
    const [first] = [...waiting].sort(([, one], [, other]) => one.wait - other.wait)
    if (!first) throw new Error('Nothing is waited for.')
    const [timer, { task, wait }] = first
    waiting.delete(timer)
    clock.now += wait
    task()
  }
  return { waiting, waits, ring }
}

async function startSignedIn(expires_in: number) {
  const app = startApp()
  app.answers.token = async (request) => {
    const { access_token, refresh_token } = await (await app.issue(request)).json()
    return json({ access_token, refresh_token, token_type: 'bearer', expires_in })
  }
  const timers = holdTimers()
  await app.signIn()
  app.sent.length = 0
  return { ...app, ...timers }
}

afterEach(takeBack)

it.each([2_147_483, 2_147_484, 4_294_967, 4_294_968])(
  'security 52: a session of %i s is watched in steps, and renewed once at its end',
  async (expires_in) => {
    const app = await startSignedIn(expires_in)
    const end = app.clock.now + expires_in * 1000
    while (app.clock.now < end - 61_000) {
      expect(app.exchanges()).toEqual([])
      app.ring(app.clock)
    }
    await until(() => expect(app.exchanges()).toHaveLength(1))
    await until(() => expect(app.client.snapshot?.expires_at).toBeGreaterThan(end))
    expect(app.clock.now).toBeLessThan(end)
    expect(Math.max(...app.waits)).toBeLessThan(LONGEST)
    expect(app.waiting.size).toBe(1)
  },
)

it.each([1e10, 999_999_999_999])(
  'security 52: a session of %i s is never renewed in a circle',
  async (life) => {
    const app = await startSignedIn(life)
    for (let step = 0; step < 2000; step += 1) app.ring(app.clock)
    expect(app.exchanges()).toEqual([])
    expect(Math.min(...app.waits)).toBeGreaterThanOrEqual(1000)
    expect(Math.max(...app.waits)).toBeLessThan(LONGEST)
    expect(await app.client.accessToken()).toBe('AT-1')
  },
)

it.each([
  ['ahead', 24 * 3_600_000],
  ['behind', -24 * 3_600_000],
])(
  'a watched session whose clock goes a day %s is renewed once at most, and keeps its one timer',
  async (_, off) => {
    const app = await startSignedIn(7200)
    app.clock.now += off
    for (let step = 0; step < 10; step += 1) {
      app.ring(app.clock)
      await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
    }
    await until(() => expect(app.client.snapshot?.stale).toBeFalsy())
    expect(app.exchanges().length).toBeLessThanOrEqual(2)
    expect(Math.min(...app.waits)).toBeGreaterThanOrEqual(1000)
    expect(await app.client.session()).toMatchObject({ account: { username: 'ada' } })
  },
)
