import { describe, expect, it } from 'vitest'
import { gitlab } from '../../src/provider/index.ts'
import { type Answer, type Changes, failure, json, startApp } from '../client/app.ts'

const HOUR = 3_600_000

const lost: Answer = () => {
  throw new TypeError('Failed to fetch')
}

/** A session whose token was refused while it lived, and whose refresh nobody answered. */
async function startUnknown(changes: Changes = {}) {
  const app = startApp(changes)
  await app.signIn()
  app.sent.length = 0
  app.answers.rest = () => json({}, { status: 401 })
  app.answers.token = lost
  expect(await failure(app.client.fetch('projects'))).toMatchObject({ code: 'network_error' })
  expect(app.exchanges()).toHaveLength(1)
  app.sent.length = 0
  app.answers.token = app.issue
  return app
}

describe('a refresh that was sent, and whose answer was lost', () => {
  it('security 48: is not sent again while the access token lives, in this tab or after a reload', async () => {
    const app = await startUnknown()
    expect(await app.client.session()).toMatchObject({ stale: true })
    for (const client of [app.client, app.open()]) expect(await client.accessToken()).toBe('AT-1')
    expect(app.exchanges()).toEqual([])
  })

  it('security 48: is sent once more when the access token has ended', async () => {
    const app = await startUnknown()
    app.clock.now += 2 * HOUR
    const calls = [app.client, app.open(), app.client].map((client) => client.accessToken())
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['AT-2']))
    expect(app.exchanges().map(({ body }) => body.get('refresh_token'))).toEqual(['RT-1'])
    expect((await app.client.session())?.stale).toBeFalsy()
  })

  it('security 48: ends the session with its reason if the token was spent by it', async () => {
    const app = await startUnknown()
    app.answers.token = () => json({ error: 'invalid_grant' }, { status: 400 })
    app.clock.now += 2 * HOUR
    expect(await failure(app.open().accessToken())).toMatchObject({
      code: 'login_required',
      reason: 'refresh_outcome_unknown',
    })
    expect([...app.storage]).toEqual([])
  })

  it('security 48: is repeated ever more seldom while nobody answers, and the session stays', async () => {
    const app = await startUnknown()
    app.answers.token = lost
    app.clock.now += 2 * HOUR
    for (let second = 0; second < 600; second += 1) {
      app.clock.now += 1000
      expect(await failure(app.client.accessToken())).toMatchObject({ code: 'network_error' })
    }
    expect(app.exchanges().length).toBeGreaterThan(8)
    expect(app.exchanges().length).toBeLessThan(20)
    app.answers.token = app.issue
    app.clock.now += 60_000
    expect(await app.client.accessToken()).toBe('AT-2')
  })

  it('security 48: is noted before it is sent, and without a token', async () => {
    const app = startApp({ provider: ({ base }) => gitlab({ base }) })
    await app.signIn()
    app.clock.now += 2 * HOUR
    let noted: unknown
    app.answers.token = (request) => {
      noted = [...app.storage].find(([key]) => key.endsWith(' refresh'))?.[1]
      return app.issue(request)
    }
    await app.client.accessToken()
    expect(noted).toMatchObject({ tries: 1, sent_at: app.clock.now })
    expect(JSON.stringify(noted)).not.toMatch(/AT-|RT-/)
    expect([...app.storage.keys()].some((key) => key.endsWith(' refresh'))).toBe(false)
  })
})
