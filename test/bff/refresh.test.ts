import { describe, expect, it } from 'vitest'
import { type Answer, json } from '../client/app.ts'
import { type App, type Changes, type ForgeName, sealOf, sessionOf, startBff } from './app.ts'

const call = ({ browser }: App, name: ForgeName = 'gitlab') => browser.send(`/auth/api/${name}/projects`)
const tokensOf = (app: App) =>
  app.calls().map(({ request }) => request.headers.get('authorization')?.slice(-1))

/** Somebody whose access token has run out. */
async function startLate(changes: Changes = {}, name: ForgeName = 'gitlab') {
  const app = startBff(changes)
  await app.signIn(name)
  app.clock.now += 7_200_000
  return app
}

const refuseOld: Answer = ({ headers }) =>
  headers.get('authorization')?.endsWith('1') ? json({}, { status: 401 }) : json([])

describe('an access token that has run out', () => {
  it('is renewed once for fifty calls at a time, with the secret, and the cookie renewed with it', async () => {
    const app = await startLate()
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(app)))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
    expect(app.refreshes()).toHaveLength(1)
    expect(Object.fromEntries(app.refreshes()[0]?.body ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'canary-refresh-1',
      client_id: 'app-at-gitlab',
      client_secret: 'canary-client-secret-1',
    })
    expect(new Set(tokensOf(app))).toEqual(new Set(['2']))
    for (const { headers } of answers) expect(headers.getSetCookie()[0]).toContain('.session.gitlab=')
    expect((await call(app)).headers.getSetCookie()).toEqual([])
  })

  it('is renewed five seconds early, and not before', async () => {
    const app = startBff()
    await app.signIn()
    app.clock.now += 7_194_000
    await call(app)
    expect(app.refreshes()).toHaveLength(0)
    app.clock.now += 1000
    await call(app)
    expect(app.refreshes()).toHaveLength(1)
  })

  it('is not spent again by who still has the old cookie, who gets the new one', async () => {
    const app = await startLate()
    const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    await call(app)
    const answer = await app.browser.send('/auth/api/gitlab/projects', { cookie })
    expect(answer.status).toBe(200)
    expect(answer.headers.getSetCookie()[0]).toContain('.session.gitlab=')
    expect(tokensOf(app)).toEqual(['2', '2'])
    const session = await app.browser.send('/auth/session', { cookie })
    expect(session.headers.getSetCookie()[0]).toContain('.session.gitlab=')
    expect(app.refreshes()).toHaveLength(1)
  })

  it('is not spent again for a call that came before and was slower', async () => {
    const app = await startLate()
    const { readable, writable } = new TransformStream()
    const headers = { 'content-length': '0' }
    const init = { method: 'POST', body: readable, headers, duplex: 'half' } as RequestInit
    const slow = app.browser.send('/auth/api/gitlab/projects', init)
    await call(app)
    expect(app.refreshes()).toHaveLength(1)
    await writable.getWriter().close()
    expect((await slow).status).toBe(200)
    expect(tokensOf(app)).toEqual(['2', '2'])
    expect(app.refreshes()).toHaveLength(1)
  })

  it('keeps the refresh token and the scope that the answer does not replace, and the account', async () => {
    const app = await startLate()
    await app.browser.send('/auth/session')
    for (const turn of [1, 2]) {
      app.answers.token = () => json({ access_token: `canary-${turn}`, token_type: 'bearer', expires_in: 60 })
      app.clock.now += 7_200_000
      await call(app)
    }
    expect(app.refreshes().map(({ body }) => body.get('refresh_token'))).toEqual([
      'canary-refresh-1',
      'canary-refresh-1',
    ])
    const { gitlab } = await (await app.browser.send('/auth/session')).json()
    expect(gitlab).toMatchObject({ account: { username: 'ada' }, scope: 'read_user' })
  })

  it('uses the newest refresh token the next time', async () => {
    const app = await startLate()
    await call(app)
    app.clock.now += 7_200_000
    await call(app)
    const spent = app.refreshes().map(({ body }) => body.get('refresh_token'))
    expect(spent).toEqual(['canary-refresh-1', 'canary-refresh-2'])
  })

  it('of one person is no business of another', async () => {
    const app = await startLate()
    const other = app.open()
    await app.signIn('gitlab', other)
    await Promise.all([call(app), other.send('/auth/api/gitlab/projects')])
    expect(app.refreshes().map(({ body }) => body.get('refresh_token'))).toEqual(['canary-refresh-1'])
  })
})

describe('an access token that the API refuses', () => {
  it('is renewed once for all who were refused, and each call made once more', async () => {
    const app = startBff()
    await app.signIn()
    app.answers.api = refuseOld
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(app)))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(app.refreshes()).toHaveLength(1)
  })

  it('is refused to the page when the new one is refused, too, without a loop', async () => {
    const app = startBff()
    await app.signIn()
    app.answers.api = () => json({ message: '401 Unauthorized' }, { status: 401 })
    const answer = await call(app)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({ message: '401 Unauthorized' })
    expect(answer.headers.has('forgepass-error')).toBe(false)
    expect([app.calls().length, app.refreshes().length]).toEqual([2, 1])
  })

  it('is not renewed for a 403', async () => {
    const app = startBff()
    await app.signIn()
    app.answers.api = () => json({ error: 'insufficient_scope' }, { status: 403 })
    expect((await call(app)).status).toBe(403)
    expect(app.refreshes()).toEqual([])
  })

  it('ends the session where there is nothing to renew it with', async () => {
    const app = startBff()
    app.answers.token = () => json({ access_token: 'canary-1', token_type: 'bearer' })
    await app.signIn('gitkraken')
    app.answers.api = refuseOld
    app.answers.user = refuseOld
    const answer = await call(app, 'gitkraken')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: 'login_required' })
    expect(sealOf(app.browser, 'gitkraken')).toBe('')
  })

  it('keeps the session, and passes the answer on, where the token is good for the account', async () => {
    const app = startBff()
    app.answers.token = () => json({ access_token: 'canary-1', token_type: 'bearer' })
    await app.signIn('gitkraken')
    app.answers.api = () => json({ message: 'not yours' }, { status: 401 })
    const answer = await call(app, 'gitkraken')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({ message: 'not yours' })
    expect(sealOf(app.browser, 'gitkraken')).not.toBe('')
  })

  it('is not renewed again and again for a refusal that is not about it', async () => {
    const app = startBff()
    await app.signIn()
    app.answers.api = () => json({ message: 'not yours' }, { status: 401 })
    for (let turn = 0; turn < 5; turn += 1) expect((await call(app)).status).toBe(401)
    expect(app.refreshes()).toHaveLength(1)
  })
})
