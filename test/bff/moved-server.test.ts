import { describe, expect, it } from 'vitest'
import { gitlab } from '../../src/provider/index.ts'
import { type Changes, sealOf, sessionOf, startBff } from './app.ts'

const provider = gitlab({ base: 'https://gitlab.example' })

describe('a session that was sealed for', () => {
  it.each<[string, Changes]>([
    ['another server', { providers: { gitlab: { provider: gitlab({ base: 'https://new.example' }) } } }],
    [
      'another token endpoint of the same server',
      { providers: { gitlab: { provider: { ...provider, token_endpoint: 'https://gitlab.example/new' } } } },
    ],
    ['another application', { providers: { gitlab: { client_id: 'another-app' } } }],
  ])('%s under this name opens nothing, and its tokens go nowhere', async (_, changes) => {
    const app = startBff()
    await app.signIn()
    const moved = app.make(changes)
    app.sent.length = 0
    for (const [path, method, status] of [
      ['session', 'GET', 401],
      ['api/gitlab/projects', 'GET', 401],
      ['logout', 'POST', 204],
    ] as const) {
      const browser = app.open(moved)
      browser.jar.plant(sessionOf('gitlab'), sealOf(app.browser))
      const answer = await browser.send(`/auth/${path}`, { method })
      expect(answer.status).toBe(status)
      expect(browser.jar.cookies.size).toBe(0)
    }
    expect(app.sent).toEqual([])
    // Where nothing has moved it is as good as ever.
    const same = app.open(app.make())
    same.jar.plant(sessionOf('gitlab'), sealOf(app.browser))
    expect((await same.send('/auth/api/gitlab/projects')).status).toBe(200)
  })
})
