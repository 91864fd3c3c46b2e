import { describe, expect, it } from 'vitest'
import { type App, back, leadsTo, sealOf, sessionOf, startBff } from './app.ts'
import { expectStray } from './refusal.ts'

const here = async (app: App) => (await app.browser.send('/auth/session')).json()

describe('a callback in another browser', () => {
  it("is strange to it: an attacker's own response signs nobody in", async () => {
    const app = startBff()
    const attacker = app.open()
    const address = back('gitlab', await app.start('gitlab', {}, attacker))
    await app.start()
    await expectStray(await app.finish(address))
    expect(app.sent).toEqual([])
    expect(await here(app)).toEqual({})
    expect(leadsTo(await app.finish(address, attacker))).toBe('/')
  })

  it('leaves the session of that browser as it is', async () => {
    const app = startBff()
    await app.signIn()
    const before = await here(app)
    const address = back('gitlab', await app.start('gitlab', {}, app.open()))
    await expectStray(await app.finish(address))
    expect(await here(app)).toEqual(before)
  })

  it('is strange with the state of a cookie that was sealed for another state', async () => {
    const app = startBff()
    const attacker = app.open()
    const theirs = await app.start('gitlab', {}, attacker)
    const { value } = app.findLogin(attacker)
    const mine = await app.start()
    app.browser.jar.plant(app.findLogin().name, value)
    await expectStray(await app.finish(back('gitlab', mine)))
    await expectStray(await app.finish(back('gitlab', theirs)))
    expect(app.sent).toEqual([])
  })
})

describe('a callback that comes again', () => {
  it('makes one exchange and one success of ten at once', async () => {
    const app = startBff()
    const address = back('gitlab', await app.start())
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.finish(address)))
    expect(app.exchanges()).toHaveLength(1)
    const places = answers.map(leadsTo).toSorted()
    expect(places).toEqual(['/', ...Array(9).fill('/?forgepass_error=state_replayed')])
    const winners = answers.filter(({ headers }) => `${headers.getSetCookie()}`.includes('.session.'))
    expect(winners.map(leadsTo)).toEqual(['/'])
    expect(await here(app)).toHaveProperty('gitlab')
  })

  it('is strange once its cookie is gone, and leaves the session as it is', async () => {
    const app = startBff()
    const address = back('gitlab', await app.start())
    await app.finish(address)
    const before = await here(app)
    await expectStray(await app.finish(address))
    expect(await here(app)).toEqual(before)
    expect(app.exchanges()).toHaveLength(1)
  })

  it('leads back with a copied cookie, to the session if there is one, and makes no other exchange', async () => {
    const app = startBff()
    const address = back('gitlab', await app.start('gitlab', { return_to: '/here' }))
    const { name, value } = app.findLogin()
    await app.finish(address)
    const session = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    const from = 'own navigation'
    const signedIn = await app.browser.send(address, { from, cookie: `${name}=${value}; ${session}` })
    expect(leadsTo(signedIn)).toBe('/here')
    const thief = await app.browser.send(address, { from, cookie: `${name}=${value}` })
    expect(leadsTo(thief)).toBe('/here?forgepass_error=state_replayed')
    for (const { headers } of [signedIn, thief])
      expect(`${headers.getSetCookie()}`).not.toContain('.session.')
    expect(app.exchanges()).toHaveLength(1)
  })

  it('stays used up for as long as its cookie could be opened', async () => {
    const app = startBff()
    const address = back('gitlab', await app.start())
    const { name, value } = app.findLogin()
    await app.finish(address)
    for (const after of [599_000, 600_000]) {
      app.clock.now += after
      const request = { from: 'cross-site navigation', cookie: `${name}=${value}` } as const
      expect(leadsTo(await app.browser.send(address, request))).toBe('/?forgepass_error=state_replayed')
    }
    expect(app.exchanges()).toHaveLength(1)
  })
})

describe('a session that is there before', () => {
  it('planted by an attacker, never becomes that of the person who signs in', async () => {
    const app = startBff()
    const attacker = app.open()
    await app.signIn('gitlab', attacker)
    const planted = sealOf(attacker)
    app.browser.jar.plant(sessionOf('gitlab'), planted)
    await app.signIn()
    expect(sealOf(app.browser)).not.toBe(planted)
    const stolen = await attacker.send('/auth/api/gitlab/projects')
    expect(stolen.status).toBe(401)
    await app.browser.send('/auth/api/gitlab/projects')
    expect(app.calls().map(({ request }) => request.headers.get('authorization'))).toEqual([
      'Bearer canary-access-2',
    ])
  })

  it('of a made-up id is none, before and after', async () => {
    const app = startBff()
    app.browser.jar.plant(sessionOf('gitlab'), 'made-up')
    const state = await app.start()
    app.browser.jar.plant(sessionOf('gitlab'), 'made-up')
    await app.finish(back('gitlab', state))
    expect(await here(app)).toHaveProperty('gitlab')
    const thief = await app.open().send('/auth/session', { cookie: `${sessionOf('gitlab')}=made-up` })
    expect(thief.status).toBe(401)
  })

  it('ends when its person signs in anew, though the way back does not bring its cookie along', async () => {
    const app = startBff()
    await app.signIn()
    const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    const state = await app.start()
    expect((await app.browser.send('/auth/session', { cookie })).status).toBe(200)
    await app.finish(back('gitlab', state))
    expect((await app.browser.send('/auth/session', { cookie })).status).toBe(401)
    expect(await here(app)).toHaveProperty('gitlab')
  })

  it('stands when the new sign-in fails, and when it is at another forge', async () => {
    const app = startBff()
    await app.signIn()
    await app.finish(back('gitlab', await app.start(), { code: '', error: 'access_denied' }))
    await app.signIn('gitkraken')
    expect(Object.keys(await here(app))).toEqual(['gitlab', 'gitkraken'])
  })
})

describe('sign-ins under way', () => {
  it('are five at most in all; the oldest goes first', async () => {
    const app = startBff()
    const oldest = await app.start('gitkraken')
    const states: string[] = []
    for (let turn = 0; turn < 20; turn += 1) states.push(await app.start())
    const logins = [...app.browser.jar.cookies.keys()].filter((name) => name.includes('.login.'))
    expect(logins).toHaveLength(5)
    await expectStray(await app.finish(back('gitlab', states[14] ?? '')))
    for (const state of states.slice(15)) expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
    await expectStray(await app.finish(back('gitkraken', oldest)))
  })
})
