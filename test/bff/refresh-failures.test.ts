import { describe, expect, it } from 'vitest'
import { type Answer, json } from '../client/app.ts'
import { type App, type Changes, type ForgeName, sealOf, sessionOf, startBff, until } from './app.ts'

const call = ({ browser }: App, name: ForgeName = 'gitlab') => browser.send(`/auth/api/${name}/projects`)

/** Somebody whose access token has run out. */
async function startLate(changes: Changes = {}, name: ForgeName = 'gitlab') {
  const app = startBff(changes)
  await app.signIn(name)
  app.clock.now += 7_200_000
  return app
}

const refusing = (error: string, status = 400): Answer => {
  return () => json({ error, error_description: 'canary' }, { status })
}

describe('a refresh that is refused for good', () => {
  it.each<[ForgeName, string]>([
    ['gitlab', 'invalid_grant'],
    ['gitea', 'invalid_grant'],
    ['gitea', 'unauthorized_client'],
  ])('by %s with %s ends the session and takes its cookie', async (name, error) => {
    const app = await startLate({}, name)
    const cookie = `${sessionOf(name)}=${sealOf(app.browser, name)}`
    app.answers.token = refusing(error)
    const answer = await call(app, name)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: 'login_required' })
    expect(sealOf(app.browser, name)).toBe('')
    expect(app.calls()).toEqual([])
    expect((await app.browser.send(`/auth/api/${name}/projects`, { cookie })).status).toBe(401)
    expect(app.refreshes()).toHaveLength(1)
  })
})

describe('a refresh that fails for now', () => {
  it.each<[string, Answer, number, Changes?]>([
    ['a secret that is wrong', refusing('invalid_client', 401), 502],
    ["an error of another forge's", refusing('unauthorized_client'), 502],
    ['too many requests', refusing('slow_down', 429), 502],
    ['an error of the server', () => new Response('<h1>canary</h1>', { status: 500 }), 502],
    ['no token', () => json({}), 502],
    ['no network', () => Promise.reject(new TypeError('canary')), 502],
    ['no answer', () => new Promise(() => {}), 504, { timeout: 40 }],
  ])('for %s keeps the session, and succeeds the next time', async (_, token, status, changes) => {
    const app = await startLate(changes)
    const seal = sealOf(app.browser)
    app.answers.token = token
    const answer = await call(app)
    expect(answer.status).toBe(status)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(await answer.text()).not.toContain('canary')
    expect(app.calls()).toEqual([])
    expect(sealOf(app.browser)).toBe(seal)
    expect(await (await app.browser.send('/auth/session')).json()).toHaveProperty('gitlab')
    app.answers.token = app.issue
    expect((await call(app)).status).toBe(200)
  })

  it.each<[string, Answer, Changes?]>([
    ['no network', () => Promise.reject(new TypeError('fetch failed'))],
    ['no answer', () => new Promise(() => {}), { timeout: 40 }],
  ])('for %s names the forge to the page, and no address of it', async (_, token, changes) => {
    const app = await startLate(changes)
    app.answers.token = token
    const answer = await call(app)
    const text = JSON.stringify([await answer.text(), [...answer.headers]])
    expect(text).toContain('GitLab')
    expect(text).not.toMatch(/gitlab\.example|oauth\/token/)
  })

  it('fails once for all who wait for it', async () => {
    const app = await startLate({ timeout: 40 })
    app.answers.token = () => new Promise(() => {})
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(app)))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(504))
    expect(app.refreshes()).toHaveLength(1)
    app.answers.token = app.issue
    expect((await call(app)).status).toBe(200)
  })
})

describe('a sign-out during a refresh', () => {
  it('wins: nothing of the new tokens stays, and they are revoked, too', async () => {
    const app = await startLate()
    let answerLate: () => void = () => {}
    app.answers.token = async (request) => {
      await new Promise<void>((resolve) => {
        answerLate = resolve
      })
      return app.issue(request)
    }
    const late = call(app)
    await until(() => expect(app.refreshes()).toHaveLength(1))
    await app.browser.send('/auth/logout', { method: 'POST' })
    answerLate()
    const answer = await late
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: 'session_required' })
    expect(app.calls()).toEqual([])
    expect(app.browser.jar.cookies.size).toBe(0)
    const revoked = ['canary-refresh-1', 'canary-access-1', 'canary-refresh-2', 'canary-access-2']
    await until(() => expect(app.revocations().map(({ body }) => body.get('token'))).toEqual(revoked))
  })

  it('ends the session where it gives more scope than was granted, if exactScope is asked for', async () => {
    for (const exactScope of [true, false]) {
      const app = startBff({ providers: { gitlab: { exactScope } } })
      await app.signIn()
      const answer = {
        access_token: 'canary-wide',
        token_type: 'bearer',
        expires_in: 7200,
        scope: 'read_user api sudo',
      }
      app.answers.token = async () => Response.json(answer)
      app.clock.now += 7_200_000
      const called = await app.browser.send('/auth/api/gitlab/projects')
      expect(called.status).toBe(exactScope ? 401 : 200)
      const revoked = () => app.revocations().map(({ body }) => body.get('token'))
      if (exactScope) await expect.poll(revoked).toContain('canary-wide')
      else expect(revoked()).toEqual([])
    }
  })
})
