import { describe, expect, it } from 'vitest'
import { defineProvider, gitlab } from '../../src/provider/index.ts'
import { encodePart, type Members, writeJwt } from '../client/id-token.ts'
import { type App, back, type Changes, json, leadsTo, sealOf, startBff, until } from './app.ts'

const base = 'https://gitlab.example'
const openid: Changes = { providers: { gitlab: { scope: 'openid read_user' } } }

const claimsOf = ({ clock }: App): Members => {
  const iat = Math.floor(clock.now / 1000)
  return { iss: base, sub: '7', aud: 'app-at-gitlab', iat, exp: iat + 120 }
}

/** What the forge grants next, with an ID token made of these claims. */
const grant = (app: App, id_token: unknown) => {
  app.answers.token = async (request) => {
    const tokens = await (await app.issue(request)).json()
    return json({ ...tokens, scope: 'openid read_user', id_token })
  }
}

/** Signs in; `write` makes the ID token of the claims that would be good. */
async function signIn(app: App, write: (claims: Members) => unknown = (claims) => writeJwt(claims)) {
  const login = new URL((await app.browser.visit('/auth/login/gitlab')).headers.get('location') ?? '')
  const { nonce, state = '' } = Object.fromEntries(login.searchParams)
  grant(app, write({ ...claimsOf(app), nonce }))
  return leadsTo(await app.finish(back('gitlab', state)))
}

const sessionOf = async (app: App) => (await (await app.browser.send('/auth/session')).json()).gitlab

describe('a BFF that asks for openid', () => {
  it('tells the page the claims, and no token', async () => {
    const app = startBff(openid)
    expect(await signIn(app)).toBe('/')
    const session = await sessionOf(app)
    expect(session.claims).toEqual(claimsOf(app))
    expect(JSON.stringify(session)).not.toMatch(/canary|eyJ|nonce/)
  })

  it.each([
    ['no ID token', () => undefined, 'id_token_missing'],
    ['that of another sign-in', (claims: Members) => writeJwt({ ...claims, nonce: 'x' }), 'id_token_invalid'],
    ['one that is not signed', (claims: Members) => writeJwt(claims, { alg: 'none' }), 'id_token_invalid'],
  ])('refuses %s, and revokes what came with it', async (_, write, code) => {
    const app = startBff(openid)
    expect(await signIn(app, write)).toBe(`/?forgepass_error=${code}`)
    expect(sealOf(app.browser)).toBe('')
    await until(() => expect(app.revocations()).toHaveLength(2))
    expect(app.revocations()[0]?.body.get('client_secret')).toBe('canary-client-secret-1')
  })

  it('takes the account from the claims where the server has no page for it', async () => {
    const urls = { authorization_endpoint: `${base}/a`, token_endpoint: `${base}/oauth/token` }
    const provider = defineProvider({ issuer: base, ...urls })
    const app = startBff({ providers: { gitlab: { provider, scope: 'openid' } } })
    await signIn(app, (claims) => writeJwt({ ...claims, preferred_username: 'ada' }))
    expect((await sessionOf(app)).account).toEqual({ id: '7', username: 'ada' })
  })

  it('keeps of claims that fill a cookie only who it is', async () => {
    const app = startBff(openid)
    expect(await signIn(app, (claims) => writeJwt({ ...claims, groups: 'g'.repeat(5000) }))).toBe('/')
    expect((await sessionOf(app)).claims).toEqual({ iss: base, sub: '7' })
  })

  it('goes on after a refresh for the same person alone', async () => {
    for (const [sub, status] of [
      ['7', 200],
      ['8', 401],
    ] as const) {
      const app = startBff(openid)
      await signIn(app)
      app.clock.now += 7_200_000
      grant(app, writeJwt({ ...claimsOf(app), sub }))
      expect((await app.browser.send('/auth/api/gitlab/projects')).status).toBe(status)
      expect(app.calls()).toHaveLength(status === 200 ? 1 : 0)
      expect((await sessionOf(app))?.claims.sub).toBe(status === 200 ? '7' : undefined)
    }
  })
})

it('the first Gitea is asked for no ID token, and one signed with the secret is passed over', async () => {
  const app = startBff({ providers: { gitea: { scope: 'openid' } } })
  const login = await app.browser.visit('/auth/login/gitea')
  const { nonce, state = '' } = Object.fromEntries(new URL(`${login.headers.get('location')}`).searchParams)
  expect(nonce).toBeUndefined()
  grant(app, writeJwt(claimsOf(app), { alg: 'HS256' }))
  expect(leadsTo(await app.finish(back('gitea', state)))).toBe('/')
  const { gitea } = await (await app.browser.send('/auth/session')).json()
  expect(gitea).not.toHaveProperty('claims')
})

it('an ID token that nobody asked for fills no cookie', async () => {
  const app = startBff({ providers: { gitlab: { provider: gitlab({ base }) } } })
  const long = `${encodePart({ alg: 'RS256' })}.${'x'.repeat(5000)}.c2ln`
  expect(await signIn(app, () => long)).toBe('/')
  app.clock.now += 7_200_000
  expect((await app.browser.send('/auth/api/gitlab/projects')).status).toBe(200)
  expect(app.refreshes()).toHaveLength(1)
})
