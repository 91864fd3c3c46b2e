import { describe, expect, it } from 'vitest'
import { json } from '../client/app.ts'
import { type App, back, type ForgeName, leadsTo, sealOf, startBff, until } from './app.ts'

const read = async ({ browser }: App) => (await browser.send('/auth/session')).json()
const call = ({ browser }: App, name: ForgeName = 'gitlab') => browser.send(`/auth/api/${name}/projects`)

/** Signs in with an access token of so many characters; whether it fits. */
async function signInWith(app: App, length: number): Promise<boolean> {
  const tokens = { access_token: 'x'.repeat(length), refresh_token: 'canary-refresh', token_type: 'bearer' }
  app.answers.token = () => json({ ...tokens, expires_in: 7200 })
  return leadsTo(await app.finish(back('gitlab', await app.start()))) === '/'
}

/** The longest access token that fits into a cookie without an account. */
async function findLongest(): Promise<number> {
  let [fits, tooLong] = [1000, 4000]
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1
    if (await signInWith(startBff(), middle)) fits = middle
    else tooLong = middle
  }
  return fits
}

const LARGE = {
  id: 7,
  username: 'ada',
  name: 'Ada '.repeat(500),
  avatar_url: `data:image/png;base64,${'A'.repeat(4000)}`,
}

describe('a cookie that is full', () => {
  it('keeps the session, with the account shortened or left out, as long as its tokens fit', async () => {
    const longest = await findLongest()
    const short = { id: '7', username: 'ada' }
    for (const [length, account] of [
      [longest, undefined],
      [longest - 100, short],
    ] as const) {
      const app = startBff()
      app.answers.user = () => json(LARGE)
      expect(await signInWith(app, length)).toBe(true)
      for (const turn of [1, 2]) {
        expect((await read(app)).gitlab, `${length}, ${turn}`).toMatchObject({ scope: 'read_user' })
        expect((await read(app)).gitlab.account).toEqual(account)
      }
      expect((await call(app)).status).toBe(200)
    }
  })

  it('tells of an account with a picture of 4,000 characters who it is, and asks no second time', async () => {
    const app = startBff()
    await app.signIn()
    app.answers.user = () => json({ ...LARGE, name: 'Ada' })
    for (const _ of [1, 2]) expect((await read(app)).gitlab.account).toEqual({ id: '7', username: 'ada' })
    expect(app.accounts()).toHaveLength(1)
  })

  it('of one forge takes nothing from the sessions of others', async () => {
    const app = startBff()
    expect(await signInWith(app, await findLongest())).toBe(true)
    app.answers.token = app.issue
    await app.signIn('gitkraken')
    app.answers.user = () => json(LARGE)
    expect(Object.keys(await read(app))).toEqual(['gitlab', 'gitkraken'])
    for (const name of ['gitlab', 'gitkraken'] as const) expect((await call(app, name)).status).toBe(200)
  })

  it('keeps the account short, or lets it go, for larger tokens of a refresh', async () => {
    const app = startBff()
    await app.signIn()
    expect((await read(app)).gitlab.account).toHaveProperty('name')
    app.clock.now += 7_200_000
    const access_token = 'y'.repeat((await findLongest()) - 60)
    app.answers.token = () => json({ access_token, token_type: 'bearer', expires_in: 7200 })
    expect((await call(app)).status).toBe(200)
    expect(app.calls()[0]?.request.headers.get('authorization')).toBe(`Bearer ${access_token}`)
    expect((await read(app)).gitlab).toMatchObject({ scope: 'read_user' })
  })

  it('ends the session when new tokens do not fit: no call is made, and they are revoked', async () => {
    const app = startBff()
    await app.signIn()
    await app.signIn('gitkraken')
    app.clock.now += 7_200_000
    const tokens = { access_token: 'canary'.repeat(1000), refresh_token: 'canary-too-much' }
    app.answers.token = () => json({ ...tokens, token_type: 'bearer', expires_in: 7200 })
    const answer = await call(app)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: 'login_required' })
    expect(app.calls()).toEqual([])
    expect(sealOf(app.browser)).toBe('')
    const revoked = () => app.revocations().map(({ body }) => body.get('token'))
    await until(() => expect(revoked()).toEqual(['canary-too-much', tokens.access_token]))
    expect(Object.keys(await read(app))).toEqual(['gitkraken'])
  })
})
