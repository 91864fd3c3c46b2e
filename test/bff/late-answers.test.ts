import { describe, expect, it } from 'vitest'
import { type Answer, json } from '../client/app.ts'
import { type App, back, leadsTo, sealOf, sessionOf, startBff, until } from './app.ts'
import { hold } from './hold.ts'

const call = ({ browser }: App) => browser.send('/auth/api/gitlab/projects')
const logout = ({ browser }: App) => browser.send('/auth/logout', { method: 'POST' })
const cookieOf = ({ browser }: App) => `${sessionOf('gitlab')}=${sealOf(browser)}`
const read = async ({ browser }: App) => (await browser.send('/auth/session')).json()

/** Somebody whose access token has run out. */
async function startLate() {
  const app = startBff()
  await app.signIn()
  app.clock.now += 7_200_000
  return app
}

const refused: Answer = () => json({ error: 'invalid_grant' }, { status: 400 })

/** Signs in while the forge keeps an exchange waiting that came before: this one is answered at once. */
async function signInMeanwhile(app: App) {
  const held = app.answers.token
  app.answers.token = app.issue
  await app.signIn()
  app.answers.token = held
}

describe('an answer that comes after a new sign-in', () => {
  it('of the API sets no cookie of the old session, though that was refreshed for it', async () => {
    const app = await startLate()
    const { release } = hold(app, 'api')
    const late = call(app)
    await until(() => expect(app.calls()).toHaveLength(1))
    await app.signIn()
    const seal = sealOf(app.browser)
    release()
    const answer = await late
    expect(answer.status).toBe(200)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(sealOf(app.browser)).toBe(seal)
    expect(await read(app)).toHaveProperty('gitlab')
  })

  it('of the account sets no cookie of the old session', async () => {
    const app = startBff()
    await app.signIn()
    const { release } = hold(app, 'user')
    const late = app.browser.send('/auth/session')
    await until(() => expect(app.accounts()).toHaveLength(1))
    await app.signIn()
    const seal = sealOf(app.browser)
    release()
    expect((await late).headers.getSetCookie()).toEqual([])
    expect(sealOf(app.browser)).toBe(seal)
  })

  it('of a refresh that is refused takes the new cookie from nobody', async () => {
    const app = await startLate()
    const { release } = hold(app, 'token')
    const late = call(app)
    await until(() => expect(app.refreshes()).toHaveLength(1))
    await signInMeanwhile(app)
    const seal = sealOf(app.browser)
    release(refused)
    const answer = await late
    expect(answer.status).toBe(401)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(sealOf(app.browser)).toBe(seal)
    expect((await call(app)).status).toBe(200)
  })

  it('of a refresh that is refused takes it from nobody who had signed out before, either', async () => {
    const app = await startLate()
    const { release } = hold(app, 'token')
    const late = call(app)
    await until(() => expect(app.refreshes()).toHaveLength(1))
    await logout(app)
    await signInMeanwhile(app)
    const seal = sealOf(app.browser)
    release(refused)
    const answer = await late
    expect(answer.status).toBe(401)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(sealOf(app.browser)).toBe(seal)
  })

  it('to whom still has the old cookie takes nothing away, and revokes no new token', async () => {
    const app = startBff()
    await app.signIn()
    const cookie = cookieOf(app)
    await app.finish(back('gitlab', await app.start()))
    for (const path of ['session', 'api/gitlab/projects']) {
      const answer = await app.browser.send(`/auth/${path}`, { cookie })
      expect(answer.status).toBe(401)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    const goodbye = await app.browser.send('/auth/logout', { method: 'POST', cookie })
    expect([goodbye.status, goodbye.headers.getSetCookie()]).toEqual([204, []])
    expect(app.revocations()).toEqual([])
    expect(await read(app)).toHaveProperty('gitlab')
  })
})

describe('an answer that comes after a sign-out', () => {
  it.each<[string, 'api' | 'user', (app: App) => Promise<Response>]>([
    ['the API', 'api', call],
    ['the account', 'user', ({ browser }) => browser.send('/auth/session')],
  ])('of %s brings no cookie back that any process would open', async (_, kind, ask) => {
    const app = await startLate()
    const { release } = hold(app, kind)
    const late = ask(app)
    await until(() => expect(app.sent.some(({ url }) => /projects|user$/.test(url.pathname))).toBe(true))
    await logout(app)
    release()
    expect((await late).headers.getSetCookie()).toEqual([])
    expect(app.browser.jar.cookies.size).toBe(0)
    const other = app.open(app.make())
    for (const { name, value } of app.browser.jar.cookies.values()) other.jar.plant(name, value)
    expect(await (await other.send('/auth/session')).json()).toEqual({})
  })

  it('does not hinder the next sign-in', async () => {
    const app = await startLate()
    const { release } = hold(app, 'api')
    const late = call(app)
    await until(() => expect(app.calls()).toHaveLength(1))
    await logout(app)
    expect(leadsTo(await app.finish(back('gitlab', await app.start())))).toBe('/')
    release()
    await late
    expect(await read(app)).toHaveProperty('gitlab')
  })
})
