import { describe, expect, it } from 'vitest'
import { createChallenge } from '../../src/protocol/pkce.ts'
import { back, leadsTo, startBff } from './app.ts'
import type { StartName } from './browser.ts'

/** The authorization request that a login leads to. */
async function leave(path: string, app = startBff()) {
  const response = await app.browser.visit(path)
  expect(response.status).toBe(303)
  return new URL(response.headers.get('location') ?? '')
}

describe('GET login', () => {
  it('leads to the forge with the whole authorization request', async () => {
    const { origin, pathname, searchParams } = await leave('/auth/login/gitlab')
    expect(origin + pathname).toBe('https://gitlab.example/oauth/authorize')
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'app-at-gitlab',
      redirect_uri: 'https://www.app.example/auth/callback/gitlab',
      scope: 'read_user',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  it('is kept by no cache and tells no referrer', async () => {
    const { headers } = await startBff().browser.visit('/auth/login/gitlab')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('asks GitKraken without PKCE and without redirect_uri, which it documents neither of', async () => {
    const { searchParams } = await leave('/auth/login/gitkraken')
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'app-at-gitkraken',
      scope: 'board:read user:read',
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('leaves PKCE out where the operator says so, and then sends no verifier', async () => {
    const app = startBff({ providers: { gitea: { pkce: 'none' } } })
    const { searchParams } = await leave('/auth/login/gitea', app)
    expect([...searchParams.keys()]).not.toContain('code_challenge')
    await app.finish(back('gitea', searchParams.get('state') ?? ''))
    expect([...(app.exchanges()[0]?.body.keys() ?? [])]).not.toContain('code_verifier')
  })

  it('proves with the verifier of the challenge, new each time', async () => {
    const app = startBff()
    const challenges: string[] = []
    for (let turn = 0; turn < 2; turn += 1) {
      const { searchParams } = await leave('/auth/login/gitlab', app)
      challenges.push(searchParams.get('code_challenge') ?? '')
      await app.finish(back('gitlab', searchParams.get('state') ?? ''))
    }
    const verifiers = app.exchanges().map(({ body }) => body.get('code_verifier') ?? '')
    expect(await Promise.all(verifiers.map(createChallenge))).toEqual(challenges)
    expect(new Set(challenges).size).toBe(2)
  })

  it('has a new state of 256 bits each time', async () => {
    const app = startBff()
    const states = new Set<string>()
    for (let turn = 0; turn < 200; turn += 1) states.add(await app.start('gitlab', {}, app.open()))
    expect(states.size).toBe(200)
    for (const state of states) expect(Buffer.from(state, 'base64url')).toHaveLength(32)
  })

  it('lets no query decide what is asked, of whom, and where it comes back', async () => {
    const hostile = {
      client_id: 'evil',
      redirect_uri: 'https://evil.example/',
      scope: 'api',
      state: 'evil-evil-evil-evil',
      response_type: 'token',
      code_challenge: 'evil',
      code_challenge_method: 'plain',
      authorization_endpoint: 'https://evil.example/',
      token_endpoint: 'https://evil.example/',
      provider: 'gitkraken',
      prompt: 'none',
    }
    const app = startBff()
    const url = await leave(`/auth/login/gitlab?${new URLSearchParams(hostile)}`, app)
    expect(url.href).not.toContain('evil')
    expect(url.searchParams.get('scope')).toBe('read_user')
    expect([...url.searchParams.keys()]).not.toContain('prompt')
    const state = url.searchParams.get('state') ?? ''
    const answer = await app.finish(back('gitlab', state, { ...hostile, state, scope: '' }))
    expect(leadsTo(answer)).toBe('/')
    expect(app.exchanges()[0]?.url.href).toBe('https://gitlab.example/oauth/token')
    expect(app.exchanges()[0]?.body.get('client_id')).toBe('app-at-gitlab')
    expect(app.exchanges()[0]?.body.get('redirect_uri')).toBe('https://www.app.example/auth/callback/gitlab')
  })

  it("adds the operator's parameters, which replace none of the grant", async () => {
    const parameters = { prompt: 'consent', state: 'mine', client_id: 'mine', code_challenge: 'mine' }
    const app = startBff({ providers: { gitlab: { parameters } } })
    const { href, searchParams } = await leave('/auth/login/gitlab', app)
    expect(searchParams.get('prompt')).toBe('consent')
    expect(href).not.toContain('mine')
  })

  it.each<[StartName, number, boolean]>([
    ['own navigation', 303, false],
    ['address bar', 303, false],
    ['sibling navigation', 403, false],
    ['cross-site navigation', 403, false],
    ['sibling navigation', 303, true],
    ['cross-site navigation', 303, true],
    ['own frame', 403, true],
    ['foreign frame', 403, true],
    ['own fetch', 403, true],
    ['foreign fetch', 403, true],
  ])('by %s is answered %i, with crossSite: %s', async (from, status, crossSite) => {
    const app = startBff({ login: { crossSite } })
    const answer = await app.browser.visit('/auth/login/gitlab', from)
    expect(answer.status).toBe(status)
    expect(answer.headers.getSetCookie()).toHaveLength(status === 303 ? 1 : 0)
  })

  it.each(['HEAD', 'POST', 'PUT', 'OPTIONS'])('answers 405 to %s and remembers nothing', async (method) => {
    const answer = await startBff().browser.send('/auth/login/gitlab', { method, from: 'own navigation' })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET')
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it.each(['nobody', '__proto__', 'constructor', '', 'GITLAB', 'gitlab%00'])(
    'knows no forge %j',
    async (name) => {
      expect((await startBff().browser.visit(`/auth/login/${name}`)).status).toBe(404)
    },
  )
})

describe('a login that a browser only looks ahead at', () => {
  it.each([
    ['sec-purpose', 'prefetch;prerender'],
    ['purpose', 'prefetch'],
  ])('starts nothing, and pushes no sign-in out, by %s: %s', async (name, value) => {
    const app = startBff()
    const state = await app.start('gitea')
    for (let turn = 0; turn < 5; turn += 1) {
      const change = { [name]: value }
      const answer = await app.browser.send('/auth/login/gitlab', { from: 'own navigation', change })
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, []])
    }
    expect(leadsTo(await app.finish(back('gitea', state)))).toBe('/')
  })
})

describe('return_to', () => {
  const land = async (return_to: string) => {
    const app = startBff()
    return (await app.finish(back('gitlab', await app.start('gitlab', { return_to })))).headers.get(
      'location',
    )
  }

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '\t//evil.example',
    'https://www.app.example@evil.example',
    'https://www.app.example.evil.example/',
    'http://www.app.example/',
    'https:/\\evil.example',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    'https://www.app.example//evil.example',
    'http://[',
    '',
    `/${'x'.repeat(1000)}`,
  ])('leads %j to the front page', async (return_to) => {
    expect(await land(return_to)).toBe('https://www.app.example/')
  })

  it.each([
    ['/projects?tab=1&x=//evil#part', '/projects?tab=1&x=//evil#part'],
    ['https://www.app.example/projects', '/projects'],
    ['/a?b=%20+c&d', '/a?b=%20+c&d'],
    ['/a\r\nset-cookie: x=1', '/aset-cookie:%20x=1'],
  ])('leads %j to %j, on this origin', async (return_to, path) => {
    expect(await land(return_to)).toBe(`https://www.app.example${path}`)
  })
})
