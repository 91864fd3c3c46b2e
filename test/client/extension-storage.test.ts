import { describe, expect, it } from 'vitest'
import { failure, until } from './app.ts'
import { startExtension } from './worker.ts'

const QUOTA = 'Session storage quota bytes exceeded. Values were not stored.'
const BLOCKED = 'Access to storage is not allowed from this context.'

/** An extension that is signed in, account and all. */
async function startSignedIn() {
  const app = startExtension()
  await app.client.login()
  await until(() =>
    expect(app.sessions()[0]?.[1]).toMatchObject({ session: { account: { username: 'ada' } } }),
  )
  return app
}

describe('a worker that has been stopped', () => {
  it('goes on with the session, and refreshes it', async () => {
    const app = await startSignedIn()
    const worker = app.restart()
    expect(await worker.session()).toMatchObject({ account: { username: 'ada' } })
    expect((await worker.fetch('user')).status).toBe(200)
    app.clock.now += 3 * 3_600_000
    expect(await app.restart().accessToken()).toBe('AT-2')
    // Of the next worker, which gets by with what the one before has stored.
    expect(await app.restart().accessToken()).toBe('AT-2')
    expect(app.exchanges()).toHaveLength(2)
  })

  it('security 65: while the window was open leaves no session, and does not stand in the way of the next sign-in', async () => {
    const app = startExtension(() => new Promise(() => {}))
    void app.client.login()
    await until(() => expect(app.asked).toHaveLength(1))
    const worker = app.restart()
    expect(await worker.session()).toBeNull()
    expect(await failure(worker.accessToken())).toMatchObject({ code: 'signed_out' })
    app.bring(({ redirect_uri, state }) => `${redirect_uri}?code=CODE&state=${state}`)
    expect(await worker.login()).toMatchObject({ scope: 'read_user' })
    expect(app.sessions()).toHaveLength(1)
  })

  it('leaves no more than ten sign-ins behind, however often that happens', async () => {
    const app = startExtension(() => new Promise(() => {}))
    for (let count = 1; count <= 15; count += 1) {
      void app.restart().login()
      await until(() => expect(app.asked).toHaveLength(count))
    }
    expect(Object.keys(app.items)).toHaveLength(10)
  })

  it('security 65: while it was redeeming the code leaves no session and no code to redeem again', async () => {
    const app = startExtension()
    app.answers.token = () => new Promise(() => {})
    void app.client.login()
    await until(() => expect(app.exchanges()).toHaveLength(1))
    const worker = app.restart()
    expect(await worker.session()).toBeNull()
    expect(JSON.stringify(app.items)).not.toContain(app.exchanges()[0]?.body.get('code_verifier'))
    app.answers.token = app.issue
    expect(await worker.login()).toMatchObject({ scope: 'read_user' })
  })
})

describe('a session record', () => {
  const changes: [string, (record: Record<string, unknown>) => unknown][] = [
    ['of a later version', (record) => ({ ...record, version: 2 })],
    ['of no version', ({ version: _, ...record }) => record],
    ['of another client', (record) => ({ ...record, client: 'forgepass https://other.example spa ' })],
    ['without a token', ({ access_token: _, ...record }) => record],
    ['whose token is none', (record) => ({ ...record, access_token: 7 })],
    ['whose token could leave its header', (record) => ({ ...record, access_token: 'AT\r\nx: y' })],
    ['without what the app is shown', ({ session: _, ...record }) => record],
    ['that is text', (record) => JSON.stringify(record)],
    ['that is null', () => null],
    ['that is a list', (record) => [record]],
  ]
  it.each(changes)(
    'security 44: %s is no session, and the next sign-in takes its place',
    async (_, change) => {
      const app = await startSignedIn()
      const [[key, record] = ['']] = app.sessions()
      app.items[key] = change(record as Record<string, unknown>)
      const worker = app.restart()
      expect(await worker.session()).toBeNull()
      expect(await failure(worker.accessToken())).toMatchObject({ code: 'signed_out' })
      await worker.login()
      expect(await app.restart().session()).toMatchObject({ scope: 'read_user' })
    },
  )

  it('security 43: that the browser has dropped is a sign-out for the next worker, and for a refresh', async () => {
    const app = await startSignedIn()
    for (const key of Object.keys(app.items)) delete app.items[key]
    expect(await app.restart().session()).toBeNull()
    app.clock.now += 3 * 3_600_000
    expect(await failure(app.client.accessToken())).toMatchObject({ code: 'signed_out' })
    expect(app.client.snapshot).toBeNull()
    expect(app.exchanges()).toHaveLength(1)
  })

  it('of a sign-in under way that the browser has dropped ends it without asking the server', async () => {
    const app = startExtension(({ redirect_uri, state }) => {
      for (const key of Object.keys(app.items)) delete app.items[key]
      return `${redirect_uri}?code=CODE&state=${state}`
    })
    expect(await failure(app.client.login())).toMatchObject({ code: 'state_mismatch' })
    expect(app.exchanges()).toEqual([])
    expect(await app.client.session()).toBeNull()
  })
})

describe('a storage', () => {
  it.each([
    ['is full', 'set', QUOTA],
    ['cannot be read', 'get', BLOCKED],
  ] as const)('that %s is storage_unavailable before any window opens', async (_, method, message) => {
    const app = startExtension()
    app.broken.set(method, message)
    expect(await failure(app.client.login())).toMatchObject({
      code: 'storage_unavailable',
      hint: expect.any(String),
    })
    expect(app.asked).toEqual([])
    expect(app.sent).toEqual([])
  })

  it('that cannot be used at all is signed out', async () => {
    const app = await startSignedIn()
    for (const method of ['get', 'set', 'remove'] as const) app.broken.set(method, BLOCKED)
    const worker = app.restart()
    expect(await worker.session()).toBeNull()
    expect(await failure(worker.fetch('user'))).toMatchObject({ code: 'signed_out' })
    expect(await worker.logout()).toEqual({ revoked: false })
  })

  it('that fills up during the sign-in ends it, or keeps all of it in the worker and none of it beyond', async () => {
    const app = await startSignedIn()
    app.bring(({ redirect_uri, state }) => {
      app.broken.set('set', QUOTA)
      return `${redirect_uri}?code=CODE&state=${state}`
    })
    expect(await failure(app.client.login())).toMatchObject({ code: 'storage_unavailable' })
    expect(app.exchanges()).toHaveLength(1)
    // The session before it is still whole.
    expect(await app.restart().accessToken()).toBe('AT-1')
  })

  it('that fills up as the tokens arrive keeps none of the account before', async () => {
    const app = await startSignedIn()
    app.answers.token = (request) => {
      app.broken.set('set', QUOTA)
      return app.issue(request)
    }
    await app.client.login()
    expect(await app.client.accessToken()).toBe('AT-2')
    expect(app.sessions()).toEqual([])
    expect(await app.restart().session()).toBeNull()
  })
})
