import { describe, expect, it } from 'vitest'
import { startBff } from '../bff/app.ts'
import { STARTS, type StartName } from '../bff/browser.ts'
import { startApp } from '../client/app.ts'

describe('a sign-out that another page has thought of', () => {
  it('security 61: needs a method and a header that no page of another site can send', async () => {
    const app = startBff()
    await app.signIn()
    const session = async () => (await app.browser.send('/auth/session')).json()
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']) {
      for (const change of [
        { 'forgepass-csrf': null },
        { origin: 'https://evil.example' },
        { origin: 'null' },
      ]) {
        const answer = await app.browser.send('/auth/logout', { method, change })
        expect([403, 405], `${method} ${JSON.stringify(change)}`).toContain(answer.status)
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    }
    expect(await session()).toHaveProperty('gitlab')
    expect(app.revocations()).toEqual([])
    const leave = () => app.browser.send('/auth/logout', { method: 'POST' })
    expect([(await leave()).status, (await leave()).status]).toEqual([200, 204])
    expect(await session()).toEqual({})
  })

  it.each(Object.keys(STARTS) as StartName[])(
    'security 61: is none by an address that is opened: %s',
    async (from) => {
      const app = startBff()
      await app.signIn()
      for (const query of ['', '?return_to=https://evil.example/', '?return_to=//evil.example']) {
        const answer = await app.browser.visit(`/auth/logout${query}`, from)
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.headers.get('location') ?? '').not.toContain('evil')
      }
      expect(await (await app.browser.send('/auth/session')).json()).toHaveProperty('gitlab')
    },
  )

  it('security 61: is not in any address of a browser client, which has no route for it', async () => {
    const app = startApp()
    await app.signIn()
    const { origin } = new URL(app.redirect_uri)
    for (const address of ['/logout', '?logout', '?error=logout', '#logout', '?forgepass.logout=1'])
      await app.client.callback(new URL(address, `${origin}/`)).catch(() => {})
    await app.client.callback(`${app.redirect_uri}?error=login_required&state=x`).catch(() => {})
    expect(await app.client.session()).toMatchObject({ account: { username: 'ada' } })
    expect(await app.client.accessToken()).toBe('AT-1')
  })
})
