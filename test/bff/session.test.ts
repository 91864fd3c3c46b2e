import { describe, expect, it } from 'vitest'
import { type Answer, json } from '../client/app.ts'
import { type App, sealOf, sessionOf, startBff } from './app.ts'

const read = async ({ browser }: App) => (await browser.send('/auth/session')).json()
const cookieOf = ({ browser }: App) => `${sessionOf('gitlab')}=${sealOf(browser)}`

describe('GET session', () => {
  it('tells account, scope and end of every session, and no token', async () => {
    const app = startBff()
    await app.signIn('gitlab')
    await app.signIn('gitkraken')
    const account = { id: '7', username: 'ada', name: 'Ada' }
    const expires_at = app.clock.now + 7_200_000
    const answer = await app.browser.send('/auth/session')
    expect(await answer.json()).toEqual({
      gitlab: { account, scope: 'read_user', expires_at },
      gitkraken: { account, scope: 'read_user', expires_at },
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  })

  it('is empty for somebody who is not signed in, and takes a useless cookie away', async () => {
    const app = startBff()
    const answer = await app.browser.send('/auth/session')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({})
    app.browser.jar.plant(sessionOf('gitlab'), 'useless')
    expect((await app.browser.send('/auth/session')).status).toBe(401)
    expect(app.browser.jar.cookies.size).toBe(0)
    expect((await app.browser.send('/auth/session')).status).toBe(200)
  })

  it('takes a useless cookie away beside a session of another forge', async () => {
    const app = startBff()
    await app.signIn('gitlab')
    app.browser.jar.plant(sessionOf('gitea'), 'useless')
    expect(Object.keys(await read(app))).toEqual(['gitlab'])
    expect([...app.browser.jar.cookies.keys()]).toEqual([sessionOf('gitlab')])
  })

  it('asks the forge for the account once, however many ask at a time', async () => {
    const app = startBff()
    await app.signIn()
    expect(app.accounts()).toHaveLength(0)
    const all = await Promise.all(Array.from({ length: 10 }, () => read(app)))
    for (const { gitlab } of all) expect(gitlab.account.username).toBe('ada')
    await read(app)
    expect(app.accounts()).toHaveLength(1)
    expect(app.accounts()[0]?.request.headers.get('authorization')).toBe('Bearer canary-access-1')
  })

  it('keeps the account in the cookie, for another process', async () => {
    const app = startBff()
    await app.signIn()
    await read(app)
    const other = app.open(app.make())
    const answer = await other.send('/auth/session', { cookie: cookieOf(app) })
    expect((await answer.json()).gitlab.account.username).toBe('ada')
    expect(app.accounts()).toHaveLength(1)
  })

  it.each<[string, Answer]>([
    ['an error', () => json({}, { status: 500 })],
    ['a page', () => new Response('<h1>canary</h1>')],
    ['nothing', () => Promise.reject(new Error('canary'))],
    ['nobody', () => json({ username: 'ada' })],
  ])(
    'stands without an account while the forge answers %s, and asks again the next time',
    async (_, user) => {
      const app = startBff()
      await app.signIn()
      const good = app.answers.user
      app.answers.user = user
      for (let turn = 0; turn < 2; turn += 1) {
        expect(await read(app)).toMatchObject({ gitlab: { scope: 'read_user' } })
        expect((await read(app)).gitlab.account).toBeUndefined()
      }
      app.answers.user = good
      expect((await read(app)).gitlab.account.username).toBe('ada')
    },
  )

  it('lets no account through that could run in the page', async () => {
    const app = startBff()
    app.answers.user = () => json({ id: 7, username: { evil: 1 }, web_url: 'javascript:alert(1)' })
    await app.signIn()
    expect((await read(app)).gitlab.account).toEqual({ id: '7', username: '7' })
  })
})
