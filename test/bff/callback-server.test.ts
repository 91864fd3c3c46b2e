import { describe, expect, it } from 'vitest'
import type { OAuthErrorCode } from '../../src/bff/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { back, type Changes, leadsTo, startBff } from './app.ts'
import { expectRefusal, expectStray } from './refusal.ts'

const ISSUER = 'https://gitlab.example'
const provider = gitlab({ base: ISSUER })

/** A GitLab that sends `iss` and says so. */
const telling: Changes = {
  providers: { gitlab: { provider: { ...provider, authorization_response_iss_parameter_supported: true } } },
}
const strict: Changes = { providers: { gitlab: { strictIssuer: true } } }

describe('the server that a response names', () => {
  it.each<[string, string, OAuthErrorCode, Changes]>([
    ['H10: another', 'code=a&iss=https://evil.example', 'issuer_mismatch', {}],
    ['H10: another, of a server that tells', 'code=a&iss=https://evil.example', 'issuer_mismatch', telling],
    ['H10: one with a slash', `code=a&iss=${ISSUER}/`, 'issuer_mismatch', telling],
    ['H10: one in capitals', 'code=a&iss=https://GITLAB.example', 'issuer_mismatch', telling],
    ['H10: one with its port', `code=a&iss=${ISSUER}:443`, 'issuer_mismatch', telling],
    ['H10: another, of an error', 'error=access_denied&iss=https://evil.example', 'issuer_mismatch', {}],
    ['H11: none with a code', 'code=a', 'issuer_missing', telling],
    ['H11: an empty one', 'code=a&iss=', 'issuer_missing', telling],
    ['H11: none with an error', 'error=access_denied', 'issuer_missing', telling],
    ['one that a strict app does not expect', `code=a&iss=${ISSUER}`, 'issuer_unexpected', strict],
  ])('ends the sign-in: %s', (_, callback, code, app) =>
    expectRefusal({ callback: `${callback}&state=$`, code, app }),
  )

  it.each<[string, Changes]>([
    ['that tells', telling],
    ['of which nobody knows that it tells', {}],
  ])('may be the right one, of a server %s', async (_, changes) => {
    const app = startBff(changes)
    expect(leadsTo(await app.finish(back('gitlab', await app.start(), { iss: ISSUER })))).toBe('/')
  })
})

describe('a response of one forge on the path of another', () => {
  it('is strange there: no server gets a code, and the sign-in goes on where it belongs', async () => {
    for (const other of ['gitkraken', 'gitea'] as const) {
      const app = startBff()
      const state = await app.start('gitlab')
      await expectStray(await app.finish(back(other, state)))
      expect(app.sent).toEqual([])
      expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
      expect(app.exchanges().map(({ url }) => url.host)).toEqual(['gitlab.example'])
    }
  })

  it('is strange there, also with the cookie of the one under the name of the other', async () => {
    const app = startBff()
    const state = await app.start('gitlab')
    const { name, value } = app.findLogin()
    app.browser.jar.plant(name.replace('gitlab', 'gitkraken'), value)
    await expectStray(await app.finish(back('gitkraken', state)))
    expect(app.sent).toEqual([])
  })

  it('goes to no server once the settings name another than its sign-in was for', async () => {
    const app = startBff()
    const state = await app.start('gitlab')
    const moved = {
      ...provider,
      issuer: 'https://new.example',
      token_endpoint: 'https://new.example/oauth/token',
    }
    const later = app.open(app.make({ providers: { gitlab: { provider: moved } } }))
    for (const { name, value } of app.browser.jar.cookies.values()) later.jar.plant(name, value)
    await expectStray(await app.finish(back('gitlab', state, { iss: ISSUER }), later))
    expect(app.sent).toEqual([])
  })
})
