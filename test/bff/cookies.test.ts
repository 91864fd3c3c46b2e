import { describe, expect, it } from 'vitest'
import { createBff } from '../../src/bff/index.ts'
import { type App, back, optionsOf, sessionOf, startBff, stateOf } from './app.ts'
import { type Cookie, parseCookie } from './browser.ts'

/** Every Set-Cookie of a sign-in, a session, a sign-out and a cookie that is worth nothing. */
async function allCookies(app: App): Promise<Cookie[]> {
  const { browser } = app
  const login = await browser.visit('/auth/login/gitlab')
  const done = await app.finish(back('gitlab', stateOf(login)))
  const session = await browser.send('/auth/session')
  const logout = await browser.send('/auth/logout', { method: 'POST' })
  const rest = [sessionOf('gitlab'), 'forgepass-5173.session.gitlab'].map((name) => `${name}=bad`).join('; ')
  const bad = await browser.send('/auth/session', { cookie: rest })
  return [login, done, session, logout, bad].flatMap(({ headers }) => headers.getSetCookie().map(parseCookie))
}

describe('every cookie', () => {
  it('is Secure, HttpOnly, of the whole host and prefixed, deletions too', async () => {
    const cookies = await allCookies(startBff())
    // The transaction, its deletion with the session, the session with its account, and two deletions.
    expect(cookies).toHaveLength(6)
    for (const { name, attributes } of cookies) {
      expect(name).toMatch(/^__Host-forgepass\./)
      expect(attributes).toMatchObject({ secure: '', httponly: '', path: '/' })
      expect(Object.keys(attributes).toSorted()).toEqual([
        'httponly',
        'max-age',
        'path',
        'samesite',
        'secure',
      ])
    }
  })

  it('is Strict, and Lax for a sign-in under way: its way back is from another site', async () => {
    for (const { name, attributes } of await allCookies(startBff())) {
      expect(attributes.samesite).toBe(name.includes('.login.') ? 'Lax' : 'Strict')
    }
  })

  it('lasts 20 minutes for a sign-in under way and a week for a session', async () => {
    const ages = (await allCookies(startBff())).map(({ attributes }) => Number(attributes['max-age']))
    expect(ages).toEqual([1200, 0, 604_800, 604_800, 0, 0])
  })

  it('holds nothing that can be read', async () => {
    for (const { value } of await allCookies(startBff())) {
      const parts = value.split('.').map((part) => Buffer.from(part, 'base64url').toString())
      expect(parts.join(' ')).not.toMatch(/canary|read_user|gitlab\.example/)
    }
  })

  it('is without prefix and Secure on http loopback, and has the port in its name', async () => {
    const { warn } = console
    const warnings: unknown[][] = []
    console.warn = (...words) => warnings.push(words)
    try {
      const app = startBff({ publicOrigin: 'http://localhost:5173' })
      for (const { name, attributes } of await allCookies(app)) {
        expect(name).toMatch(/^forgepass-5173\.(login|session)\.gitlab/)
        expect(Object.keys(attributes).toSorted()).toEqual(['httponly', 'max-age', 'path', 'samesite'])
      }
      createBff(optionsOf({ publicOrigin: 'http://localhost:5174' }))
      await app.signIn()
      expect(app.browser.jar.cookies.has('forgepass-5173.session.gitlab')).toBe(true)
    } finally {
      console.warn = warn
    }
    expect(warnings).toEqual([
      [expect.stringMatching(/^forgepass: http:\/\/localhost:5173 is for development/)],
    ])
  })
})
