import { describe, expect, it } from 'vitest'
import { defineProvider, gitlab } from '../../src/provider/index.ts'
import { failure, findPlace, json, startApp, until } from './app.ts'
import { claimsOf, expectNothingLeft, grantWith, signInWith, startOpenidApp, writeJwt } from './id-token.ts'

describe('a sign-in with openid', () => {
  it('shows the claims of the ID token, and no token', async () => {
    const app = startOpenidApp()
    const { request, done } = await signInWith(app, (claims) => writeJwt({ ...claims, groups: ['crew'] }))
    const { nonce, ...claims } = claimsOf(app, request.get('nonce'))
    expect(nonce).toBe(request.get('nonce'))
    expect((await done)?.session).toMatchObject({ claims: { ...claims, groups: ['crew'] } })
    expect((await done)?.session.claims).not.toHaveProperty('nonce')
    await until(() => expect(app.client.snapshot).toMatchObject({ account: { username: 'ada' }, claims }))
    expect(JSON.stringify(app.client.snapshot)).not.toMatch(/AT-|RT-|eyJ/)
    expect(app.exchanges()).toHaveLength(1)
  })

  it('asks with a nonce that is new each time, and sends it nowhere else', async () => {
    const app = startOpenidApp()
    const [one, other] = [await app.start(), await app.start()]
    expect(one.get('nonce')).toMatch(/^[\w-]{43}$/)
    expect(one.getAll('nonce')).toHaveLength(1)
    const nonces = [one, other].flatMap((request) => [request.get('nonce'), request.get('state')])
    expect(new Set(nonces).size).toBe(4)
    await (await signInWith(app)).done
    for (const { url, body } of app.sent) expect(url + body).not.toContain('nonce')
  })

  it('keeps the nonce in its transaction, and with that gets rid of it', async () => {
    const app = startOpenidApp()
    const request = await app.start()
    const nonce = `${request.get('nonce')}`
    expect(JSON.stringify([...app.transactions])).toContain(nonce)
    expect([...app.storage]).toEqual([])
    app.answers.token = grantWith(writeJwt(claimsOf(app, nonce)))
    await app.client.callback(app.back(request))
    expect(JSON.stringify([...app.transactions, ...app.storage])).not.toContain(nonce)
  })

  it('lets no parameter of the app take the place of the nonce', async () => {
    const request = await startOpenidApp().start({ parameters: { nonce: 'mine' } })
    expect(request.get('nonce')).toMatch(/^[\w-]{43}$/)
  })

  it('is asked for by the scope of one sign-in alone', async () => {
    const app = startApp()
    expect((await app.start({ scope: 'email openid' })).has('nonce')).toBe(true)
    expect((await app.start({ scope: 'openid2 xopenid' })).has('nonce')).toBe(false)
  })

  it('keeps the claims for the next page', async () => {
    const app = startOpenidApp()
    await (await signInWith(app)).done
    const { nonce: _, ...claims } = claimsOf(app)
    expect(await app.open().session()).toMatchObject({ claims })
  })
})

describe('without openid', () => {
  it.each(['a.b.c', 1, null, {}, writeJwt({ iss: 'https://evil.example' }, { alg: 'none' })])(
    'an ID token such as %j is passed over',
    async (id_token) => {
      const app = startApp()
      app.answers.token = grantWith(id_token)
      const done = await app.client.callback(app.back(await app.start()))
      expect(done?.session).not.toHaveProperty('claims')
      expect(JSON.stringify([...app.storage])).not.toContain('id_token')
    },
  )

  it('no nonce is sent', async () => expect((await startApp().start()).has('nonce')).toBe(false))

  it('a server that declares to send none is asked for none', async () => {
    const provider = ({ base }: { base: string }) => ({ ...gitlab({ base }), id_token: 'none' as const })
    const app = startOpenidApp({ provider })
    const request = await app.start()
    expect(request.has('nonce')).toBe(false)
    app.answers.token = grantWith(writeJwt({ iss: 'https://other.example' }, { alg: 'HS256' }))
    expect((await app.client.callback(app.back(request)))?.session).not.toHaveProperty('claims')
  })
})

describe('an ID token that does not come', () => {
  it.each([undefined, null])('as %j, ends the sign-in', async (id_token) => {
    const app = startOpenidApp()
    const { done } = await signInWith(app, () => id_token)
    expect(await failure(done)).toMatchObject({ code: 'id_token_missing' })
    await expectNothingLeft(app)
  })
})

describe('the account', () => {
  const metadata = ({ base }: { base: string }) => ({
    issuer: base,
    authorization_endpoint: `${base}/oauth/authorize`,
    token_endpoint: `${base}/oauth/token`,
    revocation_endpoint: `${base}/oauth/revoke`,
  })
  const withUserinfo = (place: { base: string }) =>
    defineProvider({ ...metadata(place), userinfo_endpoint: `${place.base}/user` })

  it('comes from the claims where the server has no page for it', async () => {
    const app = startOpenidApp({ provider: (place) => defineProvider(metadata(place)) })
    const more = { preferred_username: 'ada', name: 'Ada', picture: 'javascript:alert(1)' }
    await (await signInWith(app, (claims) => writeJwt({ ...claims, ...more }))).done
    await until(() => expect(app.client.snapshot?.account).toEqual({ id: '7', username: 'ada', name: 'Ada' }))
    expect(app.sent).toHaveLength(1)
  })

  it('comes from UserInfo where it is of the same person', async () => {
    const app = startOpenidApp({ provider: withUserinfo })
    app.answers.user = () => json({ sub: '7', preferred_username: 'ada' })
    await (await signInWith(app)).done
    await until(() => expect(app.client.snapshot?.account).toMatchObject({ username: 'ada' }))
  })

  it('is not that of a UserInfo answer about another person (InvalidSubInUserinfo)', async () => {
    const app = startOpenidApp({ provider: withUserinfo })
    app.answers.user = () => json({ sub: '8', preferred_username: 'eve' })
    await (await signInWith(app)).done
    await until(() => expect(app.sent.at(-1)?.url).toMatch(/\/user$/))
    await new Promise((done) => setTimeout(done, 20))
    expect(app.client.snapshot).toMatchObject({ claims: { sub: '7' } })
    expect(app.client.snapshot).not.toHaveProperty('account')
  })

  it('is asked for in peace where no ID token was', async () => {
    const app = startApp({ provider: (place) => defineProvider(metadata(place)), place: findPlace() })
    expect((await app.client.callback(app.back(await app.start())))?.session).not.toHaveProperty('account')
  })
})
