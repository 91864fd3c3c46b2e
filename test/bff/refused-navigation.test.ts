import { describe, expect, it } from 'vitest'
import { type App, back, leadsTo, startBff } from './app.ts'
import type { Send } from './browser.ts'

const relay = 'nonce-of-the-waiting-window'

/** Navigations that lead to no sign-in, with the status and the code of their refusal. */
const REFUSED: [string, string, Send, number, string][] = [
  ['to a forge that there is none of', '/auth/login/nobody', { from: 'own navigation' }, 404, 'not_found'],
  ['back from such a forge', '/auth/callback/nobody?code=a', { from: 'own navigation' }, 404, 'not_found'],
  ['by a link of another site', '/auth/login/gitlab', { from: 'cross-site navigation' }, 403, 'csrf'],
  ['in a frame', '/auth/login/gitlab', { from: 'foreign frame' }, 403, 'csrf'],
]

const refuse = ({ browser }: App, path: string, how: Send) => browser.send(path, how)

describe('a navigation', () => {
  it.each(REFUSED)('%s is answered with a page that leads to the application', async (...refused) => {
    const [, path, how, status, code] = refused
    const app = startBff()
    const answer = await refuse(app, path, how)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('forgepass-error')).toBe(code)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none';.* frame-ancestors 'none'/,
    )
    expect(answer.headers.getSetCookie()).toEqual([])
    const html = await answer.text()
    expect(html).toContain('<a href="https://www.app.example/">')
    expect(html).not.toContain('<script')
    expect(app.sent).toEqual([])
  })

  it.each(REFUSED)('%s of a popup tells the window behind it', async (_, path, how, __, code) => {
    const address = `${path}${path.includes('?') ? '&' : '?'}relay=${relay}`
    const answer = await refuse(startBff(), address, how)
    expect(answer.status).toBe(303)
    expect(leadsTo(answer)).toBe(`/auth/relay?state=${relay}&forgepass_error=${code}`)
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it.each(['short', '//evil.example/123456', 'a"><script>alert(1)</script>', 'x'.repeat(101)])(
    'leads nowhere by a nonce that is none: %s',
    async (nonce) => {
      const address = `/auth/login/nobody?${new URLSearchParams({ relay: nonce })}`
      const answer = await refuse(startBff(), address, { from: 'own navigation' })
      expect(answer.status).toBe(404)
      expect(await answer.text()).not.toContain('alert')
    },
  )

  it('to a forge whose name is markup gets a page in which it is text', async () => {
    const app = startBff()
    for (const [name, text] of [
      ["a'b", 'a&#39;b'],
      ['&lt;b', '&#38;lt;b'],
      ['%3Cb%3E', '%3Cb%3E'],
    ]) {
      const html = await (await refuse(app, `/auth/login/${name}`, { from: 'own navigation' })).text()
      expect(html).toContain(`There is no provider &#34;${text}&#34;.`)
    }
  })

  it('that is let in is not touched by any of this', async () => {
    const app = startBff()
    expect(leadsTo(await app.finish(back('gitlab', await app.start('gitlab', { relay }))))).toBe(
      `/auth/relay?state=${relay}`,
    )
  })
})
