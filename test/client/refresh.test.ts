import { describe, expect, it } from 'vitest'
import { type Answer, type App, failure, json, startApp, until } from './app.ts'

const HOUR = 3_600_000
const refusal = (status: number, error: string): Answer => {
  return () => json({ error }, { status })
}

/** A signed-in app whose access token has run out; what was asked for so far is forgotten. */
async function startLate(changes: Parameters<typeof startApp>[0] = {}): Promise<App> {
  const app = startApp(changes)
  await app.signIn()
  app.clock.now += 2 * HOUR
  app.sent.length = 0
  return app
}

const sentTokens = ({ exchanges }: App) => exchanges().map(({ body }) => body.get('refresh_token'))

describe('a refresh', () => {
  it('security 50: sends the refresh token and the client, and nothing more', async () => {
    const app = await startLate()
    expect(await app.client.accessToken()).toBe('AT-2')
    expect(Object.fromEntries(app.exchanges()[0]?.body ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'RT-1',
      client_id: 'spa',
    })
    expect(app.exchanges()[0]?.request).toMatchObject({ credentials: 'omit', redirect: 'error' })
  })

  it('security 46: takes the new refresh token', async () => {
    const app = await startLate()
    await app.client.accessToken()
    app.clock.now += 2 * HOUR
    expect(await app.client.accessToken()).toBe('AT-3')
    expect(sentTokens(app)).toEqual(['RT-1', 'RT-2'])
  })

  it('security 46: keeps the old refresh token and scope if there comes no new one', async () => {
    const app = await startLate()
    app.answers.token = () => json({ access_token: 'NEW', token_type: 'bearer', expires_in: 7200 })
    expect(await app.client.accessToken()).toBe('NEW')
    expect(await app.client.session()).toMatchObject({ scope: 'read_user', account: { username: 'ada' } })
    app.clock.now += 2 * HOUR
    await app.client.accessToken()
    expect(sentTokens(app)).toEqual(['RT-1', 'RT-1'])
  })

  it('security 47: is one for 20 calls in two tabs', async () => {
    const app = await startLate()
    const tab = app.open()
    const calls = Array.from({ length: 20 }, (_, index) => (index % 2 ? tab : app.client).accessToken())
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['AT-2']))
    expect(app.exchanges()).toHaveLength(1)
  })

  it('security 47: is one in the other tab too if that one calls a moment later', async () => {
    const app = await startLate()
    const tab = app.open()
    expect(await tab.session()).toBeTruthy()
    expect(await app.client.accessToken()).toBe('AT-2')
    expect(await tab.accessToken()).toBe('AT-2')
    expect(app.exchanges()).toHaveLength(1)
  })

  it('security 47: is one per tab where there are no locks at all', async () => {
    const app = await startLate({ lock: (_, task) => task() })
    const calls = Array.from({ length: 20 }, () => app.client.accessToken())
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['AT-2']))
    expect(app.exchanges()).toHaveLength(1)
  })

  it('H46, security 49: ends the session on invalid_grant', async () => {
    const app = await startLate()
    app.answers.token = refusal(400, 'invalid_grant')
    const error = await failure(app.client.accessToken())
    expect(error).toMatchObject({ code: 'login_required', error: 'invalid_grant', status: 400 })
    expect(app.storage.size).toBe(0)
    expect(await app.client.session()).toBeNull()
    expect(app.client.snapshot).toBeNull()
    // Who asks later hears the same, until somebody signs in or out.
    expect(await failure(app.client.fetch('projects'))).toMatchObject({ code: 'login_required' })
    expect(await failure(app.open().accessToken())).toMatchObject({ code: 'signed_out' })
    expect(app.exchanges()).toHaveLength(1)
    await app.client.logout()
    expect(await failure(app.client.accessToken())).toMatchObject({ code: 'signed_out' })
  })

  const offline: Answer = () => {
    throw new TypeError('Failed to fetch')
  }
  const passing: [string, Answer, string][] = [
    ['500', refusal(500, 'server_error'), 'token_endpoint_error'],
    ['503 without words', () => new Response('', { status: 503 }), 'bad_status'],
    ['429', refusal(429, 'slow_down'), 'token_endpoint_error'],
    [
      'HTML',
      () => new Response('<p>', { headers: { 'content-type': 'text/html' } }),
      'unexpected_content_type',
    ],
    ['no connection', offline, 'network_error'],
    ['invalid_client', refusal(401, 'invalid_client'), 'token_endpoint_error'],
    ['unauthorized_client', refusal(400, 'unauthorized_client'), 'token_endpoint_error'],
    ['an answer without a token', () => json({}), 'missing_access_token'],
  ]
  for (const [name, answer, code] of passing) {
    it(`H47, security 49: keeps the session on ${name}, and tries again at the next use`, async () => {
      const app = await startLate()
      const stored = JSON.stringify([...app.storage])
      app.answers.token = answer
      expect(await failure(app.client.accessToken())).toMatchObject({ code })
      expect(app.exchanges()).toHaveLength(1)
      expect(stored).toContain('RT-1')
      expect(JSON.stringify([...app.storage])).toContain('RT-1')
      expect(await app.client.session()).toMatchObject({ account: { username: 'ada' }, stale: true })
      app.answers.token = app.issue
      expect(await app.client.accessToken()).toBe('AT-2')
      expect((await app.client.session())?.stale).toBeFalsy()
    })
  }

  it('H47: keeps the session on a timeout', async () => {
    const app = await startLate({ timeout: 20 })
    app.answers.token = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    expect(await failure(app.client.accessToken())).toMatchObject({ code: 'timeout' })
    expect(await app.client.session()).toMatchObject({ account: { username: 'ada' } })
    expect(app.exchanges()).toHaveLength(1)
  })

  it('has Retry-After for the app to wait', async () => {
    const app = await startLate()
    app.answers.token = () => json({ error: 'x' }, { status: 429, headers: { 'retry-after': '120' } })
    expect(await failure(app.client.accessToken())).toMatchObject({ retryAfter: 120, status: 429 })
  })

  it('asks for a sign-in where there is no refresh token', async () => {
    const app = startApp()
    app.answers.token = () => json({ access_token: 'AT', token_type: 'bearer', expires_in: 60 })
    await app.signIn()
    app.clock.now += HOUR
    expect(await failure(app.client.accessToken())).toMatchObject({ code: 'login_required' })
    expect(app.exchanges()).toHaveLength(1)
    expect(await app.client.session()).toBeNull()
  })

  it('security 51: that comes back after a logout is thrown away, and its tokens are revoked', async () => {
    const app = await startLate()
    let release: () => void = () => {}
    app.answers.token = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return app.issue(request)
    }
    const token = failure(app.client.accessToken())
    await until(() => expect(app.exchanges()).toHaveLength(1))
    await app.client.logout()
    expect(await app.client.session()).toBeNull()
    release()
    expect(await token).toMatchObject({ code: 'signed_out' })
    expect(app.storage.size).toBe(0)
    expect(await app.client.session()).toBeNull()
    const revoked = () => app.revocations().map(({ body }) => body.get('token'))
    await until(() => expect(revoked()).toEqual(expect.arrayContaining(['RT-1', 'RT-2', 'AT-2'])))
  })

  it('security 51: that comes back after another tab signed out is thrown away too', async () => {
    const app = await startLate()
    const tab = app.open()
    await tab.session()
    let release: () => void = () => {}
    app.answers.token = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return app.issue(request)
    }
    const token = failure(app.client.accessToken())
    await until(() => expect(app.exchanges()).toHaveLength(1))
    await tab.logout()
    release()
    expect(await token).toMatchObject({ code: 'signed_out' })
    await until(() => expect(app.revocations().map(({ body }) => body.get('token'))).toContain('RT-2'))
    expect(app.storage.size).toBe(0)
    for (const client of [app.client, tab, app.open()]) expect(await client.session()).toBeNull()
  })

  it('security 51: of one account leaves the one that signed in meanwhile alone', async () => {
    const app = await startLate()
    let release: () => void = () => {}
    app.answers.token = async (request) => {
      const tokens = await app.issue(request)
      if ((await request.clone().text()).includes('grant_type=refresh_token')) {
        await new Promise<void>((resolve) => {
          release = resolve
        })
      }
      return tokens
    }
    const token = app.client.accessToken()
    await until(() => expect(app.exchanges()).toHaveLength(1))
    const done = app.client.callback(app.back(await app.start()))
    await new Promise((resolve) => setTimeout(resolve, 5))
    release()
    await token
    await done
    // The sign-in is the younger one, in whatever order the answers came.
    expect(await app.client.accessToken()).toBe('AT-3')
    expect(JSON.stringify([...app.storage])).toContain('RT-3')
  })

  it('security 52: does not go round in a circle for a lifetime of 300 years', async () => {
    const app = startApp()
    app.answers.token = () =>
      json({ access_token: 'AT', token_type: 'bearer', refresh_token: 'RT', expires_in: 1e10 })
    await app.signIn()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(await app.client.accessToken()).toBe('AT')
    expect(app.exchanges()).toHaveLength(1)
  })

  it('security 53: waits for a 401 where the server names no lifetime', async () => {
    const app = startApp()
    app.answers.token = () => json({ access_token: 'AT', token_type: 'bearer', refresh_token: 'RT' })
    await app.signIn()
    expect((await app.client.session())?.expires_at).toBeUndefined()
    app.clock.now += 1000 * HOUR
    expect(await app.client.accessToken()).toBe('AT')
    expect(app.exchanges()).toHaveLength(1)
    app.answers.token = app.issue
    app.answers.rest = ({ headers }) =>
      json([], { status: headers.get('authorization') === 'Bearer AT' ? 401 : 200 })
    expect((await app.client.fetch('projects')).status).toBe(200)
    expect(sentTokens(app)).toEqual([null, 'RT'])
  })

  it('is not needed before the last seconds of a token', async () => {
    const app = startApp()
    await app.signIn()
    app.clock.now += 2 * HOUR - 30_000
    expect(await app.client.accessToken()).toBe('AT-1')
    app.clock.now += 29_000
    expect(await app.client.accessToken()).toBe('AT-2')
  })
})
