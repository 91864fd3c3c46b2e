import { describe, expect, it } from 'vitest'
import { type Answer, json } from '../client/app.ts'
import { type App, sealOf, sessionOf, startBff, until } from './app.ts'

const read = async ({ browser }: App) => (await browser.send('/auth/session')).json()
const logout = ({ browser }: App, query = '') => browser.send(`/auth/logout${query}`, { method: 'POST' })
const cookieOf = ({ browser }: App) => `${sessionOf('gitlab')}=${sealOf(browser)}`

describe('POST logout', () => {
  it('ends the session, takes its cookie, and revokes refresh token before access token, with the secret', async () => {
    const app = startBff()
    await app.signIn()
    const answer = await logout(app)
    expect(await answer.json()).toEqual({ revoked: true })
    expect(app.browser.jar.cookies.size).toBe(0)
    const client = { client_id: 'app-at-gitlab', client_secret: 'canary-client-secret-1' }
    expect(app.revocations().map(({ body }) => Object.fromEntries(body))).toEqual([
      { ...client, token: 'canary-refresh-1', token_type_hint: 'refresh_token' },
      { ...client, token: 'canary-access-1', token_type_hint: 'access_token' },
    ])
    for (const { url, request } of app.revocations()) {
      expect(url.href).toBe('https://gitlab.example/oauth/revoke')
      expect(request.method).toBe('POST')
    }
  })

  it('leaves nothing that a copied cookie could open', async () => {
    const app = startBff()
    await app.signIn()
    const first = cookieOf(app)
    await read(app)
    const second = cookieOf(app)
    expect(second).not.toBe(first)
    await logout(app)
    const { length } = app.sent
    for (const cookie of [first, second]) {
      for (const path of ['session', 'api/gitlab/projects']) {
        const answer = await app.browser.send(`/auth/${path}`, { cookie })
        expect(answer.status).toBe(401)
        // A sign-in since then has put its own cookie there.
        expect(answer.headers.getSetCookie()).toEqual([])
      }
      expect((await app.browser.send('/auth/logout', { method: 'POST', cookie })).status).toBe(204)
    }
    expect(app.sent).toHaveLength(length)
  })

  it('answers 204 the second time, and to somebody who never was signed in', async () => {
    const app = startBff()
    expect((await logout(app)).status).toBe(204)
    await app.signIn()
    await logout(app)
    expect((await logout(app)).status).toBe(204)
    expect((await logout(app, '?provider=gitlab')).status).toBe(204)
  })

  it('ends one session or all of them', async () => {
    const app = startBff()
    for (const name of ['gitlab', 'gitkraken', 'gitea'] as const) await app.signIn(name)
    await logout(app, '?provider=gitkraken')
    expect(Object.keys(await read(app))).toEqual(['gitlab', 'gitea'])
    await logout(app)
    expect(await read(app)).toEqual({})
    expect(app.browser.jar.cookies.size).toBe(0)
  })

  it.each(['nobody', '', '__proto__', 'gitlab,gitea'])(
    'knows no forge %j, and ends nothing',
    async (name) => {
      const app = startBff()
      await app.signIn()
      expect((await logout(app, `?provider=${name}`)).status).toBe(404)
      expect(await read(app)).toHaveProperty('gitlab')
    },
  )

  it('is for POST only', async () => {
    const app = startBff()
    await app.signIn()
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const answer = await app.browser.send('/auth/logout', { method })
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')).toBe('POST')
    }
    expect(await read(app)).toHaveProperty('gitlab')
  })

  it.each<[string, Answer]>([
    ['is out of service', () => new Response(null, { status: 503, headers: { 'retry-after': '5' } })],
    ['refuses', () => json({ error: 'unauthorized_client' }, { status: 403 })],
    ['is not there', () => Promise.reject(new Error('canary'))],
  ])('ends the session here though the forge %s', async (_, revoke) => {
    const app = startBff()
    await app.signIn()
    const cookie = cookieOf(app)
    app.answers.revoke = revoke
    const answer = await logout(app)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ revoked: false })
    expect(app.browser.jar.cookies.size).toBe(0)
    expect((await app.browser.send('/auth/session', { cookie })).status).toBe(401)
  })

  it('ends the session before the forge is asked, and waits for it no longer than it has to', async () => {
    const app = startBff({ timeout: 40 })
    await app.signIn()
    const cookie = cookieOf(app)
    let ended = 0
    app.answers.revoke = async ({ signal }) => {
      ended = (await app.browser.send('/auth/session', { cookie })).status
      return new Promise((_, reject) => signal.addEventListener('abort', reject))
    }
    expect(await (await logout(app)).json()).toEqual({ revoked: false })
    await until(() => expect(ended).toBe(401))
  })

  it('ends the session though the secret cannot be read', async () => {
    let works = true
    const client_secret = () => (works ? 'canary-read' : Promise.reject(new Error('canary')))
    const app = startBff({ providers: { gitlab: { client_secret } } })
    await app.signIn()
    works = false
    expect((await logout(app)).status).toBe(200)
    expect(await read(app)).toEqual({})
  })

  it('is told that nothing was revoked by a forge that has no such endpoint', async () => {
    const app = startBff()
    await app.signIn('gitkraken')
    expect(await (await logout(app)).json()).toEqual({ revoked: false })
    expect(app.revocations()).toEqual([])
  })
})
