import { describe, expect, it } from 'vitest'
import { gitlab } from '../../src/provider/index.ts'
import { type Answer, failure, json, startApp, until } from './app.ts'

const offline: Answer = () => {
  throw new TypeError('Failed to fetch')
}

async function startSignedIn(changes: Parameters<typeof startApp>[0] = {}) {
  const app = startApp(changes)
  await app.signIn()
  app.sent.length = 0
  return app
}

describe('logout', () => {
  it('security 55: signs out here before the server is asked, and also if it cannot be', async () => {
    const app = await startSignedIn()
    const { client, storage } = app
    let before: unknown
    app.answers.revoke = (request) => {
      before ??= [client.snapshot, storage.size]
      return offline(request)
    }
    expect(await client.logout()).toEqual({ revoked: false })
    expect(before).toEqual([null, 0])
    expect(await client.session()).toBeNull()
    expect(await failure(client.accessToken())).toMatchObject({ code: 'signed_out' })
  })

  it.each([401, 403, 500, 503])(
    'security 55, 57: is not revoked for a server that answers %i',
    async (status) => {
      const app = await startSignedIn()
      app.answers.revoke = () => new Response('', { status })
      expect(await app.client.logout()).toEqual({ revoked: false })
      expect(await app.client.session()).toBeNull()
    },
  )

  it('security 55: does not wait for a server that never answers', async () => {
    const app = await startSignedIn({ timeout: 20 })
    app.answers.revoke = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    expect(await app.client.logout()).toEqual({ revoked: false })
  })

  it('security 56: takes 200 as done, whatever the body says', async () => {
    const app = await startSignedIn()
    app.answers.revoke = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    expect(await app.client.logout()).toEqual({ revoked: true })
  })

  it('security 58: makes the token unusable', async () => {
    const app = await startSignedIn()
    await app.client.logout()
    app.sent.length = 0
    expect(await failure(app.client.accessToken())).toMatchObject({ code: 'signed_out' })
    expect(await failure(app.client.fetch('projects'))).toMatchObject({ code: 'signed_out' })
    expect(app.sent).toEqual([])
    expect(app.storage.size).toBe(0)
  })

  it('security 59: revokes the refresh token first, by POST, then the access token', async () => {
    const app = await startSignedIn()
    expect(await app.client.logout()).toEqual({ revoked: true })
    const asked = app.revocations().map(({ body }) => Object.fromEntries(body))
    expect(asked).toEqual([
      { client_id: 'spa', token: 'RT-1', token_type_hint: 'refresh_token' },
      { client_id: 'spa', token: 'AT-1', token_type_hint: 'access_token' },
    ])
    for (const { request, url } of app.revocations()) {
      expect(request).toMatchObject({ method: 'POST', credentials: 'omit', redirect: 'error' })
      expect(url).toBe(`${app.base}/oauth/revoke`)
    }
  })

  it('security 59: is done also where the server does not revoke access tokens', async () => {
    const app = await startSignedIn()
    app.answers.revoke = async (request) => {
      const access = (await request.text()).includes('token_type_hint=access_token')
      return access ? json({ error: 'unsupported_token_type' }, { status: 400 }) : json({})
    }
    expect(await app.client.logout()).toEqual({ revoked: true })
  })

  it('is not revoked where only the refresh token was refused', async () => {
    const app = await startSignedIn()
    app.answers.revoke = async (request) => {
      const access = (await request.text()).includes('token_type_hint=access_token')
      return access ? json({}) : json({ error: 'invalid_client' }, { status: 401 })
    }
    expect(await app.client.logout()).toEqual({ revoked: false })
  })

  it('is local where the server has no revocation endpoint', async () => {
    const provider = ({ base }: { base: string }) => {
      const { revocation_endpoint: _, ...rest } = gitlab({ base })
      return rest
    }
    const app = await startSignedIn({ provider })
    expect(await app.client.logout()).toEqual({ revoked: false })
    expect(app.sent).toEqual([])
    expect(await app.client.session()).toBeNull()
  })

  it('of nobody asks no server', async () => {
    const app = startApp()
    expect(await app.client.logout()).toEqual({ revoked: false })
    expect(app.sent).toEqual([])
  })

  it('may be called twice at once', async () => {
    const app = await startSignedIn()
    const results = await Promise.all([app.client.logout(), app.client.logout()])
    expect(results[0]).toEqual({ revoked: true })
    expect(await app.client.session()).toBeNull()
    expect(app.revocations()).toHaveLength(2)
  })

  it('is followed by another sign-in that stands', async () => {
    const app = await startSignedIn()
    await app.client.logout()
    await app.signIn()
    expect(await app.client.accessToken()).toBe('AT-2')
  })
})

describe('the other tabs', () => {
  it('security 60: are signed out too, without a reload, and may not use their token', async () => {
    const app = await startSignedIn()
    const tab = app.open()
    let heard = 0
    tab.subscribe(() => {
      heard += 1
    })
    expect(await tab.accessToken()).toBe('AT-1')
    await app.client.logout()
    await until(() => expect(tab.snapshot).toBeNull())
    expect(await failure(tab.accessToken())).toMatchObject({ code: 'signed_out' })
    expect(await tab.session()).toBeNull()
    expect(heard).toBeGreaterThan(0)
  })

  it('hear of a sign-in', async () => {
    const app = startApp()
    const tab = app.open()
    expect(await tab.session()).toBeNull()
    await app.signIn()
    await until(() => expect(tab.snapshot?.account?.username).toBe('ada'))
    expect(await tab.accessToken()).toBe('AT-1')
  })

  it('hear of a refresh, and use its token', async () => {
    const app = await startSignedIn()
    const tab = app.open()
    expect(await tab.accessToken()).toBe('AT-1')
    app.clock.now += 7_200_000
    const [mine, theirs] = [await app.client.accessToken(), await tab.accessToken()]
    expect(theirs).toBe(mine)
    expect(app.exchanges()).toHaveLength(1)
  })

  it('do not hear of another client’s', async () => {
    const app = await startSignedIn()
    const other = app.open({ name: 'work' })
    await other.callback(app.back(await app.start({}, other)))
    await app.client.logout()
    expect(await other.session()).toBeTruthy()
    expect(await app.client.session()).toBeNull()
  })
})
