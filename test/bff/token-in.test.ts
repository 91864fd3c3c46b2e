import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gitlab, gitshare } from '../../src/provider/index.ts'
import { patience, runs } from '../client/arbitrary.ts'
import { type App, json, startBff } from './app.ts'
import type { Send } from './browser.ts'
import { CASES, startForge } from './forges.ts'

const API = 'https://gitlab.example/api/v4/'
const PROXIED = 'https://www.app.example/auth/api/gitlab/'

/** Somebody who is signed in at a GitLab that takes tokens in addresses, or at the usual one. */
async function startSignedIn(token_in: 'query' | 'header' = 'query') {
  const provider = gitlab({ base: 'https://gitlab.example', ...(token_in === 'query' && { token_in }) })
  const app = startBff({ providers: { gitlab: { provider } } })
  await app.signIn()
  app.sent.length = 0
  return app
}

const call = ({ browser }: App, path = 'projects', init: Send = {}) =>
  browser.send(`/auth/api/gitlab/${path}`, init)

/** All that an answer says, but for its own cookies. */
const textOf = async (answer: Response) =>
  JSON.stringify([await answer.text(), [...answer.headers].filter(([name]) => name !== 'set-cookie')])

describe('a token in the address', () => {
  it('is there for calls and for the account, and in no header', async () => {
    const app = await startSignedIn()
    await call(app, 'projects?page=2&x=a%2Fb')
    await app.browser.send('/auth/session')
    expect(app.sent.map(({ url }) => url.href)).toEqual([
      `${API}projects?page=2&x=a%2Fb&access_token=canary-access-1`,
      `${API}user?access_token=canary-access-1`,
    ])
    for (const { request } of app.sent) expect(request.headers.has('authorization')).toBe(false)
    expect(app.sent[0]?.request.redirect).toBe('manual')
  })

  it('is renewed on 401, and the call is made once more, with its body', async () => {
    const app = await startSignedIn()
    app.clock.now += 60_000
    app.answers.api = ({ url }) => json({}, { status: url.includes('access-1') ? 401 : 201 })
    const init = { method: 'POST', body: '{"a":1}', headers: { 'content-length': '7' } }
    expect((await call(app, 'projects', init)).status).toBe(201)
    expect(app.calls().map(({ url }) => url.search)).toEqual([
      '?access_token=canary-access-1',
      '?access_token=canary-access-2',
    ])
    expect(await app.calls()[1]?.request.text()).toBe('{"a":1}')
  })

  it('is in no link of an answer, and the link leads to the next page', async () => {
    const app = await startSignedIn()
    app.answers.api = ({ url }) => {
      const [page, first] = [new URL(url), new URL(url)]
      page.searchParams.set('page', '2')
      first.search = `?access_token=${first.searchParams.get('access_token')}&per_page=20`
      return json([], { headers: { link: `<${page}>; rel="next", <${first}>; rel="first"` } })
    }
    const link = (await call(app, 'projects?a=1')).headers.get('link')
    expect(link).toBe(
      `<${PROXIED}projects?a=1&page=2>; rel="next", <${PROXIED}projects?per_page=20>; rel="first"`,
    )
    expect((await call(app, `${link}`.slice(`<${PROXIED}`.length).split('>')[0])).status).toBe(200)
    expect(app.sent.at(-1)?.url.href).toBe(`${API}projects?a=1&page=2&access_token=canary-access-1`)
  })

  it('is in nothing that the page gets, whatever the forge answers', { timeout: patience }, async () => {
    const app = await startSignedIn()
    const seal = [...app.browser.jar.cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ')
    const header = fc.constantFrom(
      'link',
      'etag',
      'content-disposition',
      'content-type',
      'x-request-id',
      'location',
    )
    const write = fc.constantFrom(
      (url: string) => url,
      encodeURIComponent,
      (url: string) => `<${url}>; rel="next"`,
      (url: string) => new URL(url).searchParams.get('access_token') ?? '',
    )
    const status = fc.constantFrom(200, 206, 302, 400, 401, 404, 500)
    await fc.assert(
      fc.asyncProperty(header, write, status, fc.boolean(), async (name, say, code, fails) => {
        app.clock.now += 60_000
        app.answers.api = ({ url }) => {
          if (fails) throw new TypeError(`Failed: ${url}`, { cause: new Error(url) })
          return json(
            { url, said: say(url) },
            { status: code, headers: { [name]: say(url), 'content-location': url } },
          )
        }
        const answers = [await call(app, 'projects?a=1'), await call(app, 'x?access_token=canary-access-1')]
        answers.push(await app.browser.send('/auth/session'))
        const text = (await Promise.all(answers.map(textOf))).join()
        expect(text).not.toMatch(/canary/i)
        for (const cookie of seal.split('; ')) expect(text).not.toContain(cookie.split('=')[1])
      }),
      { numRuns: Math.min(runs.numRuns, 200) },
    )
  })
})

describe('a part of an answer', () => {
  it.each([
    ['query', {}],
    ['header', { range: 'bytes=0-9', 'if-range': '"1"' }],
  ] as const)('is asked for only where no answer repeats the token: %s', async (place, asked) => {
    const app = await startSignedIn(place)
    await call(app, 'projects', { headers: { range: 'bytes=0-9', 'if-range': '"1"', 'if-match': '"2"' } })
    const headers = Object.fromEntries(app.sent[0]?.request.headers ?? [])
    expect(headers).toMatchObject({ ...asked, 'if-match': '"2"' })
    expect(Object.keys(headers).filter((name) => /range$/.test(name))).toHaveLength(Object.keys(asked).length)
  })
})

describe('a token that a page brings', () => {
  const BROUGHT = [
    'access_token=mine',
    'a=1&access_token=mine',
    'access_token=',
    'access_token=a&access_token=b',
    '%61ccess%5ftoken=mine',
    'access_token%5B%5D=mine',
    'access_token[]=mine',
    'ACCESS_TOKEN=mine',
    'a=1;access_token=mine',
    '+access_token=mine',
    'private_token=mine',
    'bearer_token=mine',
    'job_token=mine',
    'token=mine',
    'feed_token=mine',
    'rss_token=mine',
    'private-token=mine',
    // Rack drops the brackets that a name begins with, and one that nothing opens.
    '[private_token]=mine',
    ']private_token=mine',
    'private_token]=mine',
    '%5b%5bjob_token=mine',
    '%5B+access_token=mine',
    'access_token%00=mine',
  ]

  it.each(BROUGHT)('is refused without a call, wherever the API takes its own: %s', async (query) => {
    for (const place of ['query', 'header'] as const) {
      const app = await startSignedIn(place)
      const answer = await call(app, `projects?${query}`)
      expect([answer.status, answer.headers.get('forgepass-error')]).toEqual([400, 'resource_not_allowed'])
      expect(await answer.text()).not.toContain('mine')
      expect(app.sent).toEqual([])
    }
  })

  it.each(['tokens=1', 'x=access_token', 'page_token=2', 'access_token_id=3', 'a=1;b=2', 'filter[tokens]=4'])(
    'is not what only looks like one: %s',
    async (query) => {
      const app = await startSignedIn('header')
      expect((await call(app, `projects?${query}`)).status).toBe(200)
      expect(app.sent.map(({ url }) => url.search)).toEqual([`?${query}`])
    },
  )

  it('is in no header that gets through', async () => {
    const app = await startSignedIn()
    await call(app, 'projects', { headers: { authorization: 'Bearer mine', 'private-token': 'mine' } })
    expect(JSON.stringify([...(app.sent[0]?.request.headers ?? [])])).not.toContain('mine')
  })
})

describe('the emulated forges that take it in the address', () => {
  const at = (name: string) => CASES[name] as NonNullable<(typeof CASES)[string]>

  it.each([
    ['GitLab of today', gitlab({ token_in: 'query' })],
    ['the documented GitLab', gitlab({ profile: 'documented', token_in: 'query' })],
    ['GitShare of today', gitshare({ token_in: 'query' })],
    ['the documented GitShare', gitshare({ token_in: 'query' })],
  ])('%s: from the sign-in to the call', async (name, provider) => {
    const one = at(name)
    const app = startForge({ ...one, settings: { ...one.settings, provider } })
    expect(await app.signIn()).toBe('/')
    expect(await app.session()).toMatchObject({ account: { username: 'ada' } })
    const answer = await app.call()
    expect(answer.status).toBe(200)
    const calls = app.sent.filter(({ url }) => url.href.startsWith(`${provider.api_base}`))
    expect(calls).toHaveLength(2)
    const tokens = calls.map(({ url }) => url.searchParams.get('access_token') ?? '')
    expect(new Set(tokens).size).toBe(1)
    for (const { request } of calls) expect(request.headers.has('authorization')).toBe(false)
    expect(tokens[0]).toMatch(/.{10}/)
    expect(await textOf(answer)).not.toContain(tokens[0])
  })
})
