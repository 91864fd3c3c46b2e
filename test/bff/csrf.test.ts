import { describe, expect, it } from 'vitest'
import { type App, back, leadsTo, ORIGIN, sealOf, sessionOf, startBff } from './app.ts'
import { STARTS, type StartName } from './browser.ts'

const SITES = [null, 'same-origin', 'same-site', 'cross-site', 'none']
const HEADERS = [null, '1', '0', 'true']
const ORIGINS = [
  null,
  ORIGIN,
  'null',
  'https://blog.app.example',
  'https://evil.example',
  'http://www.app.example',
]

/** What a page calls, by what the BFF does for it. */
const CALLS: Record<string, { readonly path: string; readonly method: string; readonly body?: string }> = {
  session: { path: '/auth/session', method: 'GET' },
  'a sign-out': { path: '/auth/logout', method: 'POST' },
  'a sign-out of one forge': { path: '/auth/logout?provider=gitlab', method: 'POST' },
  'a call': { path: '/auth/api/gitlab/projects', method: 'GET' },
  'a call that asks for headers': { path: '/auth/api/gitlab/projects', method: 'HEAD' },
  'a call without a body': { path: '/auth/api/gitlab/projects', method: 'POST' },
  'a call with a body': { path: '/auth/api/gitlab/projects', method: 'POST', body: 'name=x' },
  'a call that deletes': { path: '/auth/api/gitlab/projects/1', method: 'DELETE' },
}

/** Every way in which the headers of a request can tell where it is from. */
const matrix = SITES.flatMap((site) =>
  HEADERS.flatMap((header) => ORIGINS.map((origin) => ({ site, header, origin }))),
)

/** Expects that a call was refused, and that it changed and told nothing. */
async function expectRefused(app: App, answer: Response, sent: number) {
  expect(answer.status).toBe(403)
  expect(answer.headers.get('forgepass-error')).toBe('csrf')
  expect(answer.headers.getSetCookie()).toEqual([])
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
  expect(app.sent).toHaveLength(sent)
}

describe('a call', () => {
  for (const [name, { path, ...init }] of Object.entries(CALLS)) {
    it(`for ${name} passes from an own page only, by header, Origin and Sec-Fetch-Site`, async () => {
      const app = startBff()
      await app.signIn()
      const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
      for (const { site, header, origin } of matrix) {
        const change = { 'forgepass-csrf': header, 'sec-fetch-site': site, origin }
        const isOwn =
          header === '1' &&
          (origin === null || origin === ORIGIN) &&
          (site === null || site === 'same-origin')
        if (isOwn) continue
        const sent = app.sent.length
        await expectRefused(app, await app.browser.send(path, { ...init, cookie, change }), sent)
      }
      expect(await (await app.browser.send('/auth/session')).json()).toHaveProperty('gitlab')
      for (const { site, header, origin } of matrix) {
        const change = { 'forgepass-csrf': header, 'sec-fetch-site': site, origin }
        if (header !== '1' || (origin && origin !== ORIGIN) || (site && site !== 'same-origin')) continue
        const answer = await app.browser.send(path, { ...init, cookie, change })
        expect(answer.status).not.toBe(403)
      }
    })
  }

  it.each<StartName>(Object.keys(STARTS).filter((name) => name !== 'own fetch') as StartName[])(
    'is refused by %s, with the header of the client and without',
    async (from) => {
      const app = startBff()
      await app.signIn()
      const { length } = app.sent
      for (const { path, ...init } of Object.values(CALLS)) {
        // Another origin's page may not send the header, but a call must not pass by it alone.
        const change = { 'forgepass-csrf': '1', 'sec-fetch-site': STARTS[from].site }
        if (STARTS[from].site !== 'same-origin')
          await expectRefused(app, await app.browser.send(path, { ...init, from, change }), length)
        await expectRefused(app, await app.browser.send(path, { ...init, from }), length)
      }
      expect((await (await app.browser.send('/auth/session')).json()).gitlab).toBeDefined()
    },
  )

  it('of a sibling subdomain brings the cookies along, so that it is refused by its Origin alone, too', async () => {
    const app = startBff()
    await app.signIn()
    const { length } = app.sent
    const change = { 'forgepass-csrf': '1', 'sec-fetch-site': null }
    const answer = await app.browser.send('/auth/api/gitlab/projects', { from: 'sibling fetch', change })
    await expectRefused(app, answer, length)
    const withoutOrigin = { 'forgepass-csrf': '1', origin: null }
    const other = await app.browser.send('/auth/session', { from: 'sibling fetch', change: withoutOrigin })
    await expectRefused(app, other, length)
  })

  it('passes from a browser without fetch metadata, and from a program, by the header', async () => {
    const app = startBff()
    await app.signIn()
    const change = { 'sec-fetch-site': null, 'sec-fetch-mode': null, 'sec-fetch-dest': null }
    expect((await app.browser.send('/auth/session', { change })).status).toBe(200)
  })
})

describe('a preflight', () => {
  it.each(['login/gitlab', 'callback/gitlab', 'relay', 'session', 'logout', 'api/gitlab/user', 'nothing'])(
    'for %s is approved to nobody',
    async (path) => {
      const app = startBff()
      for (const from of ['foreign fetch', 'sibling fetch', 'sandboxed fetch', 'own fetch'] as const) {
        const change = {
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'forgepass-csrf',
        }
        const answer = await app.browser.send(`/auth/${path}`, { method: 'OPTIONS', from, change })
        expect(answer.headers.has('access-control-allow-origin')).toBe(false)
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
        expect(answer.ok).toBe(false)
      }
    },
  )
})

describe('a navigation', () => {
  it('to login is judged by where it starts, and by no header that a page could add', async () => {
    for (const { site, header, origin } of matrix) {
      const change = { 'forgepass-csrf': header, 'sec-fetch-site': site, origin }
      const app = startBff()
      const answer = await app.browser.send('/auth/login/gitlab', { from: 'own navigation', change })
      const isTrusted = site === null || site === 'same-origin' || site === 'none'
      expect(answer.status, `${site}`).toBe(isTrusted ? 303 : 403)
    }
  })

  it('to the callback may start anywhere', async () => {
    for (const site of SITES) {
      const app = startBff()
      const state = await app.start()
      const answer = await app.browser.send(back('gitlab', state), {
        from: 'cross-site navigation',
        change: { 'sec-fetch-site': site },
      })
      expect(leadsTo(answer)).toBe('/')
    }
  })

  it.each<[string, Record<string, string>]>([
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['an old frame', { 'sec-fetch-dest': 'frame' }],
    ['an object', { 'sec-fetch-dest': 'object' }],
    ['an embed', { 'sec-fetch-dest': 'embed' }],
    ['a fenced frame', { 'sec-fetch-dest': 'fencedframe' }],
    ['an image', { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' }],
    ['a fetch', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }],
    ['a script', { 'sec-fetch-dest': 'script', 'sec-fetch-mode': 'no-cors' }],
    ['a fetch that feigns a document', { 'sec-fetch-mode': 'cors' }],
  ])('is none by way of %s: neither login nor callback does anything', async (_, change) => {
    const app = startBff()
    const state = await app.start()
    for (const path of ['/auth/login/gitlab', back('gitlab', state)]) {
      const answer = await app.browser.send(path, { from: 'own navigation', change })
      await expectRefused(app, answer, 0)
    }
    expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
  })

  it.each<[string, string]>([
    ['sec-purpose', 'prefetch'],
    ['sec-purpose', 'prefetch;prerender'],
    ['purpose', 'prefetch'],
  ])('to the callback that only looks ahead, by %s: %s, leaves all as it is', async (name, value) => {
    const app = startBff()
    const state = await app.start()
    const answer = await app.browser.send(back('gitlab', state), {
      from: 'cross-site navigation',
      change: { [name]: value },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(app.sent).toEqual([])
    expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
  })

  it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'to the callback by %s is answered 405',
    async (method) => {
      const app = startBff()
      const state = await app.start()
      const answer = await app.browser.send(back('gitlab', state), { method, from: 'cross-site navigation' })
      expect(answer.status).toBe(405)
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(app.sent).toEqual([])
      expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
    },
  )
})
