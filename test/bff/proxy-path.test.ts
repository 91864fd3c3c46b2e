import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostileText, patience, runs } from '../client/arbitrary.ts'
import { type App, type ForgeName, ORIGIN, PROVIDERS, sealOf, sessionOf, startBff } from './app.ts'

/** Somebody who is signed in everywhere. */
async function startSignedIn(changes: Parameters<typeof startBff>[0] = {}) {
  const app = startBff(changes)
  for (const name of ['gitlab', 'gitkraken', 'gitea'] as const) await app.signIn(name)
  app.sent.length = 0
  return app
}

const call = (app: App, path: string, name: ForgeName = 'gitlab', method = 'GET') =>
  app.browser.send(`/auth/api/${name}/${path}`, { method })

const API = 'https://gitlab.example/api/v4/'

/** Paths that some server, or some reader of addresses, takes for one that leads elsewhere. */
const HOSTILE = [
  '../oauth/token',
  'user/../../../oauth/token',
  '%2e%2e/oauth/token',
  '%2e%2e%2foauth%2ftoken',
  '%2E%2E%2Foauth',
  '.%2e/oauth',
  '..%2foauth',
  'user%2f..%2f..%2foauth',
  '..%5coauth',
  '..\\oauth',
  'user\\..\\..\\oauth',
  '%5c%5cevil.example',
  '\\\\evil.example/x',
  '/evil.example/x',
  '//evil.example/x',
  '%2fevil.example/x',
  '%2f%2fevil.example/x',
  '@evil.example/x',
  '%40evil.example/x',
  'user//x',
  'user/.%00./x',
  'user%00',
  'user%0d%0ax-evil:%201',
  'user%0a',
  'user%7f',
  'user%09',
  '%252e%252e/oauth',
  '%252e%252e%252foauth',
  '%25252e%25252e/oauth',
  'user%252f..%252foauth',
  '%c0%ae%c0%ae/oauth',
  '%c0%af',
  '%ff',
  '%e0%80%ae',
  '%zz',
  '%',
  '..;/oauth',
  '..%3b/oauth',
  'user/..;x=1/oauth',
  '..%3f',
  '..%23',
  '..%3fx=1/oauth',
  'user/..%23/oauth',
  'user/.%3F',
  'group%2F..%3Fx',
  '',
]

describe('a path that could lead elsewhere', () => {
  it.each(HOSTILE)('leads nowhere, without any call: %j', async (path) => {
    const app = await startSignedIn()
    for (const name of ['gitlab', 'gitkraken', 'gitea'] as const) {
      const answer = await call(app, path, name)
      expect([400, 404]).toContain(answer.status)
      expect(['resource_not_allowed', 'not_found']).toContain(answer.headers.get('forgepass-error'))
      // Where the API is, the page need not know.
      expect(await answer.text()).not.toMatch(/(gitlab|kraken|gitea)\.example/)
    }
    expect(app.sent).toEqual([])
  })

  it.each([
    'https://evil.example/auth/api/gitlab/user',
    'https://gitlab.example.evil.example/auth/api/gitlab/user',
    'http://www.app.example:80/auth/api/gitlab/user',
  ])('is none in the host of the request, which decides nothing: %s', async (url) => {
    const app = await startSignedIn()
    const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    const headers = { cookie, 'forgepass-csrf': '1', 'sec-fetch-site': 'same-origin', host: 'evil.example' }
    expect((await app.bff.fetch(new Request(url, { headers }))).status).toBe(200)
    expect(app.sent.map(({ url: { href } }) => href)).toEqual([`${API}user`])
  })

  it('makes a call below the API base or none, whatever it is', { timeout: patience }, async () => {
    const app = await startSignedIn()
    const cookie = ['gitlab', 'gitkraken', 'gitea']
      .map((name) => `${sessionOf(name as ForgeName)}=${sealOf(app.browser, name as ForgeName)}`)
      .join('; ')
    const step = fc.constantFrom(
      '..',
      '.',
      '%2e',
      '%2E%2e',
      '%2f',
      '%5c',
      '\\',
      '/',
      '//',
      '%00',
      '%25',
      ';',
      '@',
    )
    const plain = fc.constantFrom('user', 'projects', 'group%2Fname', 'a b', 'ä', ':80', 'evil.example', '~x')
    const part = fc.oneof(step, plain, hostileText)
    const path = fc.array(part, { maxLength: 6 }).chain((parts) => {
      return fc.constantFrom('/', '').map((glue) => parts.join(glue))
    })
    const bases = {
      gitlab: API,
      gitkraken: 'https://kraken.example/v1/glo/',
      gitea: 'https://gitea.example/api/v1/',
    }
    const name = fc.constantFrom<ForgeName>('gitlab', 'gitkraken', 'gitea')
    await fc.assert(
      fc.asyncProperty(path, name, async (text, forge) => {
        app.sent.length = 0
        const address = `${ORIGIN}/auth/api/${forge}/${text}`
        if (!URL.canParse(address)) return
        const headers = { cookie, 'forgepass-csrf': '1' }
        const { status } = await app.bff.fetch(new Request(address, { headers }))
        expect(app.sent).toHaveLength(status === 200 ? 1 : 0)
        for (const { url, request } of app.sent) {
          expect(url.href.startsWith(bases[forge]), url.href).toBe(true)
          const decoded = decodeURIComponent(url.pathname)
          expect(decoded).not.toMatch(/\\|\p{Cc}|%(2e|2f|5c)/iu)
          expect(decoded.split('/')).not.toContain('..')
          expect(request.headers.get('authorization')).toMatch(/^Bearer canary-access-/)
        }
      }),
      runs,
    )
  })
})

describe('a plain path', () => {
  it.each([
    ['user', 'user'],
    ['projects/1/issues?state=opened&x=%2F..', 'projects/1/issues?state=opened&x=%2F..'],
    ['projects/', 'projects/'],
    ['projects/a%20b/c%3Fd%23e', 'projects/a%20b/c%3Fd%23e'],
    ['users/@ada', 'users/@ada'],
    ['files/...', 'files/...'],
    ['files/.env', 'files/.env'],
    ['projects/ä', 'projects/%C3%A4'],
    ['projects/group%2Fname/issues', 'projects/group%2Fname/issues'],
  ])('%s leads to %s below the API base', async (path, target) => {
    const app = await startSignedIn()
    expect((await call(app, path)).status).toBe(200)
    expect(app.sent.map(({ url }) => url.href)).toEqual([API + target])
  })

  it('with an encoded slash is for a forge that has such paths', async () => {
    const app = await startSignedIn()
    for (const name of ['gitea', 'gitkraken'] as const)
      expect((await call(app, 'repos/group%2Fname', name)).status).toBe(400)
    expect(app.sent).toEqual([])
  })

  it('has no place at a forge without an API', async () => {
    const { api_base, account, ...provider } = PROVIDERS.gitlab.provider
    expect([api_base, account]).toBeDefined()
    const app = startBff({ providers: { gitlab: { provider } } })
    await app.signIn()
    expect((await call(app, 'user')).status).toBe(400)
    expect(app.calls()).toEqual([])
  })
})
