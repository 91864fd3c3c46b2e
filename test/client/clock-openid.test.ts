import { describe, expect, it } from 'vitest'
import { failure } from './app.ts'
import { claimsOf, grantWith, signInWith, startOpenidApp, writeJwt } from './id-token.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe.each([
  ['ahead', DAY],
  ['behind', -DAY],
])('with openid, a clock that is a day %s', (_, off) => {
  it('signs in, or says that the clock of the device may be the reason, and keeps nothing', async () => {
    const app = startOpenidApp()
    app.clock.now += off
    const { done } = await signInWith(app, (claims) => {
      const iat = Math.floor((app.clock.now - off) / 1000)
      return writeJwt({ ...claims, iat, exp: iat + 120, auth_time: iat })
    })
    const outcome = await done.catch((error) => error)
    if (outcome instanceof Error) {
      expect(outcome).toMatchObject({ code: 'id_token_invalid', hint: expect.stringContaining('clock') })
      expect([...app.storage]).toEqual([])
    } else expect(outcome).toMatchObject({ session: { claims: { sub: '7' } } })
    expect(app.exchanges()).toHaveLength(1)
  })

  it('that went wrong in the middle of the session ends it at no refresh of the same person', async () => {
    const app = startOpenidApp()
    await (await signInWith(app)).done
    app.clock.now += 3 * HOUR
    // By the clock of the server.
    app.answers.token = grantWith(writeJwt(claimsOf(app)), '2')
    const right = app.clock.now
    app.clock.now += off
    // Refused by the API where the clock takes the old one for a live one.
    app.answers.rest = ({ headers }) =>
      new Response('[]', { status: headers.get('authorization') === 'Bearer AT-1' ? 401 : 200 })
    const answer = await app.client.fetch('projects').catch(failureOf)
    app.clock.now = right
    expect(await app.client.session()).toMatchObject({ claims: { sub: '7' } })
    expect([200, 'id_token_invalid']).toContain(answer instanceof Response ? answer.status : answer)
  })
})

const failureOf = async (error: unknown) => (await failure(Promise.reject(error))).code
