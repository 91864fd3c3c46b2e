import { describe, expect, it } from 'vitest'
import { gitea } from '../../src/provider/index.ts'
import { type App, type Changes, failure, until } from './app.ts'
import { claimsOf, grantWith, type Members, signInWith, startOpenidApp, writeJwt } from './id-token.ts'

const HOUR = 3_600_000

/** An app whose access token has run out; the next one comes with what `write` makes of good claims. */
async function startRunOut(write: (claims: Members) => unknown, changes?: Changes): Promise<App> {
  const app = startOpenidApp(changes)
  if (changes?.provider) app.answers.rest = () => app.answers.token(new Request(app.base))
  await (await signInWith(app)).done
  app.clock.now += 3 * HOUR
  app.answers.token = grantWith(write(claimsOf(app)), '2')
  return app
}

const but = (changes: Members) => (claims: Members) => writeJwt({ ...claims, ...changes })

describe('an ID token after a refresh', () => {
  it.each<[string, (claims: Members) => unknown]>([
    ['RefreshTokenInvalidIssuer: of another server', but({ iss: 'https://evil.example' })],
    ['RefreshTokenInvalidSub: about another person', but({ sub: '8' })],
    ['for another client', but({ aud: 'other' })],
    ['that is over', but({ exp: 1 })],
    ['that is not signed', (claims) => writeJwt(claims, { alg: 'none' })],
    ['that is none', () => 'x'],
  ])('security 54: %s, ends the session', async (_, write) => {
    const app = await startRunOut(write)
    const error = await failure(app.client.accessToken())
    expect(error).toMatchObject({ code: 'login_required' })
    expect(error.message).not.toMatch(/evil/)
    expect(app.client.snapshot).toBeNull()
    expect([...app.storage]).toEqual([])
    await until(() => {
      expect(app.revocations().map(({ body }) => body.get('token'))).toEqual(['RT-2', 'AT-2'])
    })
  })

  it('of the same person renews the claims, and needs no nonce', async () => {
    const app = await startRunOut(but({ name: 'Ada King' }))
    expect(await app.client.accessToken()).toBe('AT-2')
    expect(app.client.snapshot?.claims).toEqual({ ...claimsOf(app), name: 'Ada King' })
    expect(app.revocations()).toEqual([])
  })

  it('is not needed: the claims stay', async () => {
    const app = await startRunOut(() => undefined)
    const { claims } = app.client.snapshot ?? {}
    expect(await app.client.accessToken()).toBe('AT-2')
    expect(app.client.snapshot?.claims).toEqual(claims)
    expect(claims).toMatchObject({ sub: '7' })
  })

  it('is judged by what the page before has stored', async () => {
    const app = await startRunOut(but({ sub: '8' }))
    expect(await failure(app.open().accessToken())).toMatchObject({
      code: 'login_required',
    })
    expect([...app.storage]).toEqual([])
  })

  it('names the very issuer of the sign-in, also where either would do at first', async () => {
    const app = await startRunOut((claims) => but({ iss: `${claims.iss}/` })(claims), {
      provider: ({ base }) => gitea({ base }),
    })
    expect(await failure(app.client.accessToken())).toMatchObject({ code: 'login_required' })
  })

  it('of a session without openid is passed over', async () => {
    const app = startOpenidApp({ scope: 'read_user' })
    await app.signIn()
    app.clock.now += 3 * HOUR
    app.answers.token = grantWith('x', '2')
    expect(await app.client.accessToken()).toBe('AT-2')
    expect(app.client.snapshot).not.toHaveProperty('claims')
  })
})
