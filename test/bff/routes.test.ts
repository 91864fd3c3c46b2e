import { describe, expect, it } from 'vitest'
import { createBff } from '../../src/bff/index.ts'
import { back, leadsTo, optionsOf, startBff } from './app.ts'

describe('the routes', () => {
  it.each([
    '/',
    '/auth',
    '/authority/session',
    '/auth-session',
    '/auth.evil/session',
    '/session',
    '/auth/',
    '/auth/nothing',
    '/auth/session/more',
    '/auth/logout/more',
    '/auth/relay/more',
    '/auth/token/gitlab',
    '/auth/handover/gitlab',
    '/auth/api',
    '/AUTH/session',
    '/auth/Session',
    '/auth//session',
    '/auth/%73ession',
  ])('have nothing at %s', async (path) => {
    const app = startBff()
    await app.signIn()
    const answer = await app.browser.send(path)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: 'not_found' })
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('lie where basePath says', async () => {
    const app = startBff({ basePath: '/my/bff' })
    const login = await app.browser.visit('/my/bff/login/gitlab')
    const url = new URL(login.headers.get('location') ?? '')
    expect(url.searchParams.get('redirect_uri')).toBe('https://www.app.example/my/bff/callback/gitlab')
    const address = back('gitlab', url.searchParams.get('state') ?? '').replace('/auth', '/my/bff')
    expect(leadsTo(await app.finish(address))).toBe('/')
    expect((await app.browser.send('/my/bff/session')).status).toBe(200)
    expect((await app.browser.send('/auth/session')).status).toBe(404)
  })

  it('believe publicOrigin, and no host or header of a request', async () => {
    const { fetch } = createBff(optionsOf())
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }
    const answer = await fetch(new Request('http://evil.example/auth/login/gitlab', { headers }))
    const { searchParams } = new URL(answer.headers.get('location') ?? '')
    expect(searchParams.get('redirect_uri')).toBe('https://www.app.example/auth/callback/gitlab')
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-.*; Secure$/)
    const stray = await fetch(new Request('http://evil.example/auth/callback/gitlab?code=a', { headers }))
    expect(await stray.text()).toContain('href="https://www.app.example/"')
  })

  it('answer each time what no cache keeps, no other site embeds and nobody guesses the type of', async () => {
    const app = startBff()
    const state = await app.start()
    const answers = [
      await app.browser.visit('/auth/login/gitlab'),
      await app.finish(back('gitlab', state)),
      await app.finish('/auth/callback/gitlab'),
      await app.browser.send('/auth/relay'),
      await app.browser.send('/auth/session'),
      await app.browser.send('/auth/api/gitlab/projects'),
      await app.browser.send('/auth/api/gitlab/..%2f'),
      await app.browser.send('/auth/logout', { method: 'POST' }),
      await app.browser.send('/auth/logout', { method: 'POST' }),
      await app.browser.send('/auth/nothing'),
      await app.browser.send('/auth/session', { from: 'foreign fetch' }),
    ]
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })

  it('answer what goes wrong inside, too, and never reject', async () => {
    const app = startBff()
    await app.signIn()
    const broken = { url: 'https://www.app.example/auth/session', method: 'GET', headers: null }
    const answer = await app.bff.fetch(broken as unknown as Request)
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ error: 'server_error', hint: 'Try again.' })
  })
})

describe('a sign-in in a popup', () => {
  const relay = 'nonce-of-the-waiting-window'

  it('comes back to the page that tells the window behind it, how it ended, too', async () => {
    const app = startBff()
    const query = { relay, return_to: '/here' }
    const done = await app.finish(back('gitlab', await app.start('gitlab', query)))
    expect(leadsTo(done)).toBe(`/auth/relay?state=${relay}`)
    const denied = { code: '', error: 'access_denied' }
    const failed = await app.finish(back('gitlab', await app.start('gitlab', query), denied))
    expect(leadsTo(failed)).toBe(`/auth/relay?state=${relay}&forgepass_error=authorization_error`)
  })

  it.each([
    'short',
    'x'.repeat(101),
    'a"><script>alert(1)',
    '&forgepass_error=x&x=12345',
    '//evil.example/123456',
  ])('takes no nonce that is none: %s', async (nonce) => {
    const app = startBff()
    const state = await app.start('gitlab', { relay: nonce, return_to: '/here' })
    expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/here')
  })

  it('ends on a page that runs its own script only, in no frame', async () => {
    const app = startBff()
    const pages = [
      await app.browser.visit(`/auth/relay?state=${relay}`),
      await app.browser.visit('/auth/relay'),
    ]
    const nonces = await Promise.all(
      pages.map(async (answer) => {
        const policy = answer.headers.get('content-security-policy') ?? ''
        const nonce = /script-src 'nonce-([\w-]{43})'/.exec(policy)?.[1] ?? ''
        const html = await answer.text()
        expect(policy).toMatch(
          /^default-src 'none';.*frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/,
        )
        expect(policy).not.toMatch(/unsafe|\*/)
        expect(html.match(/<script[^>]*>/g)).toEqual([`<script nonce="${nonce}">`])
        expect(html).not.toContain(relay)
        return nonce
      }),
    )
    expect(new Set(nonces).size).toBe(2)
  })
})
