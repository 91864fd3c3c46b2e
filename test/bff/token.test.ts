import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../src/protocol/fingerprint.ts'
import { type App, type Changes, type ForgeName, json, sealOf, sessionOf, startBff } from './app.ts'

/** Somebody who signed in where pages get the access token. */
async function startMediated(changes: Changes = {}, name: ForgeName = 'gitlab') {
  const app = startBff({ tokens: 'browser', ...changes })
  await app.signIn(name)
  return app
}

const ask = ({ browser }: App, query = '') => browser.send(`/auth/token/gitlab${query}`)
const errorOf = (response: Response) => response.headers.get('forgepass-error')
const tokenOf = async (response: Response) => (await response.json()).access_token

describe('GET token/<name>', () => {
  it('gives the access token and what is to be known of it, and is kept by no cache', async () => {
    const app = await startMediated()
    const response = await ask(app)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      access_token: 'canary-access-1',
      token_type: 'Bearer',
      expires_at: app.clock.now + 7_200_000,
      scope: 'read_user',
      fingerprint: await fingerprint('canary-access-1'),
    })
    expect(response.headers.getSetCookie()).toEqual([])
    expect(app.refreshes()).toHaveLength(0)
  })

  it('gives away neither secret nor refresh token, on no route of either mode', async () => {
    for (const tokens of ['browser', 'server'] as const) {
      const app = await startMediated({ tokens })
      const answers = [await ask(app), await app.browser.send('/auth/session')]
      app.clock.now += 7_200_000
      answers.push(await ask(app), await app.browser.send('/auth/api/gitlab/projects'))
      answers.push(await app.browser.send('/auth/logout', { method: 'POST' }))
      const said = await Promise.all(
        answers.map(async (one) => JSON.stringify([...one.headers]) + (await one.text())),
      )
      expect(said.join()).not.toMatch(/canary-(refresh|client|cookie)/)
      expect(said.filter((one) => one.includes('canary-access'))).toHaveLength(tokens === 'browser' ? 2 : 0)
    }
  })

  it('is not there where the tokens stay on the server; where they do not, the proxy is not', async () => {
    const server = await startMediated({ tokens: 'server' })
    expect((await ask(server)).status).toBe(404)
    expect((await server.browser.send('/auth/api/gitlab/projects')).status).toBe(200)
    const browser = await startMediated()
    const proxied = await browser.browser.send('/auth/api/gitlab/projects')
    expect([proxied.status, errorOf(proxied)]).toEqual([404, 'not_found'])
    expect(browser.calls()).toHaveLength(0)
  })

  it.each([
    ['without the header', { change: { 'forgepass-csrf': null } }],
    ['from another site', { from: 'foreign fetch' }],
    ['from another site with the header', { from: 'foreign fetch', change: { 'forgepass-csrf': '1' } }],
    ['from a sibling with the header', { from: 'sibling fetch', change: { 'forgepass-csrf': '1' } }],
    ['from a sandbox with the header', { from: 'sandboxed fetch', change: { 'forgepass-csrf': '1' } }],
    ['by navigation', { from: 'own navigation' }],
  ] as const)('is refused %s, even with the cookie', async (_, how) => {
    const app = await startMediated()
    const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    const response = await app.browser.send('/auth/token/gitlab', { ...how, cookie })
    expect([response.status, errorOf(response)]).toEqual([403, 'csrf'])
    expect(await response.text()).not.toContain('canary')
  })

  it('takes GET only, and knows its forges', async () => {
    const app = await startMediated()
    const post = await app.browser.send('/auth/token/gitlab', { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET'])
    for (const path of ['token', 'token/', 'token/github', 'token/gitlab/', 'token/gitlab/x'])
      expect((await app.browser.send(`/auth/${path}`)).status).toBe(404)
  })

  it('wants a session, and removes a cookie that opens none', async () => {
    const app = startBff({ tokens: 'browser' })
    const none = await ask(app)
    expect([none.status, errorOf(none), none.headers.getSetCookie()]).toEqual([401, 'session_required', []])
    app.browser.jar.plant(sessionOf('gitlab'), 'rubbish')
    const bad = await ask(app)
    expect([bad.status, errorOf(bad)]).toEqual([401, 'session_required'])
    expect(bad.headers.getSetCookie()[0]).toMatch(/\.session\.gitlab=; .*Max-Age=0/)
    await app.signIn('gitkraken')
    expect((await ask(app)).status).toBe(401)
  })
})

describe('an access token for a page', () => {
  it('is renewed five seconds early, once for fifty that ask, and its cookie with it', async () => {
    const app = await startMediated()
    app.clock.now += 7_195_000
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(app)))
    expect(new Set(await Promise.all(answers.map(tokenOf)))).toEqual(new Set(['canary-access-2']))
    expect(app.refreshes()).toHaveLength(1)
    expect(app.refreshes()[0]?.body.has('scope')).toBe(false)
    for (const { headers } of answers) expect(headers.getSetCookie()[0]).toContain('.session.gitlab=')
  })

  it('is renewed where a page says that the API refused it, once for fifty', async () => {
    const app = await startMediated()
    const query = `?scope=&refused=${await fingerprint('canary-access-1')}`
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(app, query)))
    expect(new Set(await Promise.all(answers.map(tokenOf)))).toEqual(new Set(['canary-access-2']))
    expect(app.refreshes()).toHaveLength(1)
  })

  it('is not renewed for a page whose refused token is an older one, or none', async () => {
    const app = await startMediated()
    await ask(app, `?refused=${await fingerprint('canary-access-1')}`)
    app.clock.now += 60_000
    for (const refused of [await fingerprint('canary-access-1'), 'canary-access-2', ''])
      expect(await tokenOf(await ask(app, `?refused=${refused}`))).toBe('canary-access-2')
    expect(app.refreshes()).toHaveLength(1)
  })

  it('is not renewed again within 30 seconds, unless the account is refused with it, too', async () => {
    const app = await startMediated()
    await ask(app, `?refused=${await fingerprint('canary-access-1')}`)
    app.clock.now += 30_000
    const query = `?refused=${await fingerprint('canary-access-2')}`
    expect(await tokenOf(await ask(app, query))).toBe('canary-access-2')
    app.answers.user = () => json({}, { status: 401 })
    expect(await tokenOf(await ask(app, query))).toBe('canary-access-3')
    expect(app.refreshes()).toHaveLength(2)
  })

  it('is gone with its session where the forge renews it no more', async () => {
    const app = await startMediated()
    app.clock.now += 7_200_000
    app.answers.token = () => json({ error: 'invalid_grant' }, { status: 400 })
    const over = await ask(app)
    expect([over.status, errorOf(over)]).toEqual([401, 'login_required'])
    expect(app.browser.jar.cookies.has(sessionOf('gitlab'))).toBe(false)
    expect(errorOf(await ask(app))).toBe('session_required')
  })

  it('stays out of reach after the sign-out, whoever kept the cookie', async () => {
    const app = await startMediated()
    const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    await app.browser.send('/auth/logout', { method: 'POST' })
    const response = await app.browser.send('/auth/token/gitlab', { cookie })
    expect([response.status, errorOf(response)]).toEqual([401, 'session_required'])
  })

  it('is asked for again after a fault of the forge, which ends nothing', async () => {
    const app = await startMediated()
    app.clock.now += 7_200_000
    app.answers.token = () => json({}, { status: 503 })
    expect((await ask(app)).status).toBe(502)
    app.answers.token = app.issue
    expect(await tokenOf(await ask(app))).toBe('canary-access-2')
  })
})
