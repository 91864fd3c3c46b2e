import { describe, expect, it } from 'vitest'
import { type App, failure, json, startApp } from './app.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Calls the API as an app does that is open all the time: once a minute. */
async function callFor(app: App, minutes: number) {
  for (let minute = 0; minute < minutes; minute += 1) {
    app.clock.now += 60_000
    expect((await app.client.fetch('projects')).status).toBe(200)
  }
}

/** An app at a forge that has a clock of its own, by which its access tokens live for two hours. */
function startServer() {
  const app = startApp()
  const time = { off: 0 }
  const ends = new Map<string, number>()
  app.answers.token = async (request) => {
    const response = await app.issue(request)
    const { access_token } = await response.clone().json()
    ends.set(`Bearer ${access_token}`, app.clock.now - time.off + 2 * HOUR)
    return response
  }
  const isLive = (token: string | null) => app.clock.now - time.off < (ends.get(`${token}`) ?? 0)
  app.answers.rest = ({ headers }) => json([], { status: isLive(headers.get('authorization')) ? 200 : 401 })
  /** Sets the clock of the computer, and not that of the forge. */
  const set = (off: number) => {
    app.clock.now += off - time.off
    time.off = off
  }
  return { ...app, set }
}

const directions = [
  ['ahead', DAY],
  ['behind', -DAY],
] as const

describe.each(directions)('a clock that is a day %s', (_, off) => {
  it('signs in, and renews no more often than a right one', async () => {
    const app = startServer()
    app.set(off)
    await app.signIn()
    await callFor(app, 300)
    expect(app.exchanges()).toHaveLength(3)
  })

  it('keeps the session when it is set right, with one renewal more at most', async () => {
    const app = startServer()
    app.set(off)
    await app.signIn()
    app.set(0)
    await callFor(app, 60)
    expect(app.exchanges().length).toBeLessThanOrEqual(2)
    await callFor(app, 240)
    expect(app.exchanges().length).toBeLessThanOrEqual(4)
    expect(await app.client.session()).toMatchObject({ account: { username: 'ada' } })
  })

  it('keeps the session when it goes wrong in the middle of it, and back again, in every tab', async () => {
    const app = startServer()
    await app.signIn()
    const tab = app.open()
    for (const wrong of [off, 0, off, 0]) {
      app.set(wrong)
      await callFor(app, 10)
      expect((await tab.fetch('projects')).status).toBe(200)
      expect((await app.open().fetch('projects')).status).toBe(200)
    }
    expect(app.exchanges().length).toBeLessThanOrEqual(5)
    for (const client of [app.client, tab, app.open()])
      expect(await client.session()).toMatchObject({ account: { username: 'ada' } })
  })

  it('finishes a sign-in that began under it, or says that it is too late, and the next one works', async () => {
    const app = startServer()
    app.set(off)
    const request = await app.start()
    app.set(0)
    const done = await app.client.callback(app.back(request)).catch((error) => error)
    if (done instanceof Error) expect(done).toMatchObject({ code: 'transaction_expired' })
    else expect(done).toMatchObject({ session: { scope: 'read_user' } })
    await app.signIn()
    expect(await app.client.session()).toMatchObject({ account: { username: 'ada' } })
  })

  it('lets a sign-in begin when ten were left behind under it', async () => {
    const app = startServer()
    app.set(off)
    for (let count = 0; count < 10; count += 1) await app.start()
    app.set(0)
    await app.signIn()
    expect(app.transactions.size).toBeLessThanOrEqual(10)
  })

  it('does not put off the renewal that nobody has answered', async () => {
    const app = startServer()
    await app.signIn()
    app.clock.now += 3 * HOUR
    const { token } = app.answers
    app.answers.token = () => {
      throw new TypeError('Failed to fetch')
    }
    for (let turn = 0; turn < 5; turn += 1) await failure(app.client.accessToken())
    expect(app.exchanges().length).toBeLessThanOrEqual(4)
    app.answers.token = token
    app.set(off)
    // Set back, it takes the old token for a live one, until the forge says otherwise.
    await app.client.fetch('projects').catch(() => {})
    app.clock.now += 60_000
    expect((await app.client.fetch('projects')).status).toBe(200)
    expect(await app.client.accessToken()).toBe('AT-2')
  })
})
