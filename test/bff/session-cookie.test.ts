import { describe, expect, it } from 'vitest'
import { type App, back, json, leadsTo, sealOf, sessionOf, startBff, until } from './app.ts'
import { parseCookie } from './browser.ts'

describe('a session cookie', () => {
  /** A signed-in person whose cookies are replaced; nothing of it may be a session, or a call with a token. */
  async function expectNone(app: App, cookie: string, name: 'gitlab' | 'gitkraken' | 'gitea' = 'gitlab') {
    const before = app.sent.length
    const session = await app.browser.send('/auth/session', { cookie })
    const call = await app.browser.send(`/auth/api/${name}/projects`, { cookie })
    for (const answer of [session, call]) {
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ error: 'session_required' })
      const [removed] = answer.headers.getSetCookie().map(parseCookie)
      expect(removed).toMatchObject({ name: sessionOf(name), value: '', attributes: { 'max-age': '0' } })
    }
    expect(app.sent).toHaveLength(before)
  }

  it('counts as none where it stands twice, or in another case', async () => {
    const app = startBff()
    await app.signIn()
    const [name, value] = [sessionOf('gitlab'), sealOf(app.browser)]
    await expectNone(app, `${name}=${value}; ${name}=${value}`)
    await expectNone(app, `${name}=planted; ${name}=${value}`)
    await expectNone(app, `${name}=${value}; ${name.replace('__Host', '__host')}=planted`)
    await expectNone(app, `${name.replace('__Host', '__host')}=${value}`)
    await expectNone(app, `${name.toUpperCase()}=${value}`)
    expect((await app.browser.send('/auth/session', { cookie: `a=b; ${name}=${value}` })).status).toBe(200)
  })

  it('is not there where only its name is, in the value of another cookie', async () => {
    const app = startBff()
    await app.signIn()
    const own = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    for (const cookie of [`other=${own}`, `other=x${own}; more=1`, `x${own}`, sessionOf('gitlab')]) {
      const answer = await app.browser.send('/auth/session', { cookie })
      expect(answer.status, cookie).toBe(200)
      expect(await answer.json()).toEqual({})
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  })

  it('counts as none with one bit changed, in any of its parts', async () => {
    const app = startBff()
    await app.signIn()
    const parts = sealOf(app.browser).split('.')
    expect(parts).toHaveLength(5)
    for (const index of parts.keys()) {
      const bytes = Buffer.from(parts[index] ?? '', 'base64url')
      if (bytes.length > 0) bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
      const changed = parts.with(index, bytes.length > 0 ? bytes.toString('base64url') : 'AA')
      await expectNone(app, `${sessionOf('gitlab')}=${changed.join('.')}`)
    }
    for (const count of [0, 1, 4]) {
      await expectNone(app, `${sessionOf('gitlab')}=${parts.slice(0, count).join('.')}`)
    }
  })

  it('is of its purpose: no forge takes that of another, and none a sign-in under way', async () => {
    const app = startBff()
    await app.signIn()
    const session = sealOf(app.browser)
    await expectNone(app, `${sessionOf('gitkraken')}=${session}`, 'gitkraken')
    const other = startBff()
    for (const turn of [1, 2]) {
      await expectNone(other, `${sessionOf('gitkraken')}=${session}`, 'gitkraken')
      const own = `${sessionOf('gitlab')}=${session}`
      expect((await other.browser.send('/auth/session', { cookie: own })).status, `${turn}`).toBe(200)
    }
    const state = await app.start()
    const { name, value } = app.findLogin()
    await expectNone(app, `${sessionOf('gitlab')}=${value}`)
    const answer = await app.browser.send(back('gitlab', state), {
      from: 'cross-site navigation',
      cookie: `${name}=${session}`,
    })
    expect(answer.status).toBe(400)
  })

  it('is over when its week is, however the browser keeps it, and with the account read or not', async () => {
    for (const reads of [true, false]) {
      const app = startBff()
      await app.signIn()
      if (reads) await app.browser.send('/auth/session')
      const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
      app.clock.now += 604_800_000
      await expectNone(app, cookie)
    }
  })

  it('is sealed with the first secret and opened with each, until that is retired', async () => {
    const [old, young] = ['canary-the-old-cookie-secret-of-32-1', 'canary-the-new-cookie-secret-of-32-2']
    const app = startBff({ cookieSecret: old })
    await app.signIn()
    const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    const both = app.make({ cookieSecret: [young, old] })
    const answer = await app.open(both).send('/auth/session', { cookie })
    expect(await answer.json()).toMatchObject({ gitlab: { account: { username: 'ada' } } })
    const renewed = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const young_only = app.open(app.make({ cookieSecret: young }))
    expect((await young_only.send('/auth/session', { cookie: renewed })).status).toBe(200)
    expect((await young_only.send('/auth/session', { cookie })).status).toBe(401)
  })

  it('that is too large signs nobody in, and its tokens are revoked', async () => {
    const app = startBff()
    const tokens = {
      access_token: 'canary'.repeat(1000),
      refresh_token: 'canary-refresh',
      token_type: 'bearer',
    }
    app.answers.token = () => json(tokens)
    const answer = await app.finish(back('gitlab', await app.start('gitlab', { return_to: '/here?a=1#b' })))
    expect(leadsTo(answer)).toBe('/here?a=1&forgepass_error=session_too_large#b')
    expect(sealOf(app.browser)).toBe('')
    await until(() => expect(app.revocations()).toHaveLength(2))
    expect(app.revocations().map(({ body }) => body.get('token'))).toEqual([
      'canary-refresh',
      tokens.access_token,
    ])
  })

  it('fits as long as a browser keeps it', async () => {
    let largest = 0
    for (const length of [1000, 2000, 2500, 3000, 3500]) {
      const app = startBff()
      app.answers.token = () => json({ access_token: 'x'.repeat(length), token_type: 'bearer' })
      const answer = await app.finish(back('gitlab', await app.start()))
      const isKept = leadsTo(answer) === '/'
      expect(sealOf(app.browser) !== '').toBe(isKept)
      if (isKept) largest = length
    }
    expect(largest).toBeGreaterThanOrEqual(2000)
  })
})
