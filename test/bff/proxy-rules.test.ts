import { describe, expect, it } from 'vitest'
import { type App, type ForgeName, startBff } from './app.ts'

/** Somebody who is signed in everywhere. */
async function startSignedIn(changes: Parameters<typeof startBff>[0] = {}) {
  const app = startBff(changes)
  for (const name of ['gitlab', 'gitkraken', 'gitea'] as const) await app.signIn(name)
  app.sent.length = 0
  return app
}

const call = (app: App, path: string, name: ForgeName = 'gitlab', method = 'GET') =>
  app.browser.send(`/auth/api/${name}/${path}`, { method })

describe('the rules for an API', () => {
  const api = ['GET user', 'projects/', 'POST issues/1/', 'version']
  it.each([
    ['GET', 'user', true],
    ['HEAD', 'user', true],
    ['GET', 'user?fields=id', true],
    ['POST', 'user', false],
    ['GET', 'user/keys', false],
    ['GET', 'users', false],
    ['GET', '%75ser', false],
    ['GET', 'User', false],
    ['GET', 'projects', false],
    ['GET', 'projects/1', true],
    ['DELETE', 'projects/1/issues', true],
    ['GET', 'projects/..%2fuser', false],
    ['POST', 'issues/1/notes', true],
    ['GET', 'issues/1/notes', false],
    ['DELETE', 'issues/1/notes', false],
    ['POST', 'issues/12', false],
    ['PATCH', 'version', true],
    ['GET', 'admin', false],
  ])('decide on %s %s: %s', async (method, path, isFine) => {
    const app = await startSignedIn({ providers: { gitlab: { api } } })
    const answer = await call(app, path, 'gitlab', method)
    expect(answer.status).toBe(isFine ? 200 : 400)
    expect(app.sent).toHaveLength(isFine ? 1 : 0)
  })

  it('allow nothing where there are none in the list', async () => {
    const app = await startSignedIn({ providers: { gitlab: { api: [] } } })
    expect((await call(app, 'user')).status).toBe(400)
    expect((await call(app, 'user', 'gitea')).status).toBe(200)
  })
})
