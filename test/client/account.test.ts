import { describe, expect, it } from 'vitest'
import { json, startApp, until } from './app.ts'

describe('the account', () => {
  it('is read once after the sign-in, by the API only, and kept', async () => {
    const app = startApp()
    const done = await app.client.callback(app.back(await app.start()))
    expect(done?.session.scope).toBe('read_user')
    await until(() => expect(app.client.snapshot?.account).toBeDefined())
    expect((await app.client.session())?.account).toEqual({
      id: '7',
      username: 'ada',
      name: 'Ada',
      profile_url: 'https://forge.example/ada',
    })
    const users = app.sent.filter(({ url }) => url.endsWith('/user'))
    expect(users.map(({ url }) => url)).toEqual([`${app.base}/api/v4/user`])
    // It survives a reload with its session.
    expect((await app.open().session())?.account?.username).toBe('ada')
  })

  it('may be missing, and the session stands', async () => {
    for (const answer of [() => json({}, { status: 500 }), () => new Response('<p>'), () => json(null)]) {
      const app = startApp()
      app.answers.user = answer
      const done = await app.client.callback(app.back(await app.start()))
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(done?.session.account).toBeUndefined()
      expect(await app.client.accessToken()).toBe('AT-1')
    }
  })

  it('has no part that is no text or number, and no markup is made of it', async () => {
    const app = startApp()
    app.answers.user = () =>
      json({ id: 0x7, username: '<b>', name: { first: 'x' }, email: ['x'], avatar_url: true })
    await app.client.callback(app.back(await app.start()))
    await until(() => expect(app.client.snapshot?.account).toBeDefined())
    expect(app.client.snapshot?.account).toEqual({ id: '7', username: '<b>' })
  })
})
