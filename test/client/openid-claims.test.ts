import { describe, expect, it } from 'vitest'
import { gitea, gitlab } from '../../src/provider/index.ts'
import { failure, type Place } from './app.ts'
import {
  encodePart,
  expectNothingLeft,
  type Members,
  signInWith,
  startOpenidApp,
  writeJwt,
} from './id-token.ts'

const without = (name: string) => (claims: Members) => {
  const { [name]: _, ...rest } = claims
  return writeJwt(rest)
}
const but = (changes: Members) => (claims: Members) => writeJwt({ ...claims, ...changes })
const later = (name: string, seconds: number) => (claims: Members) =>
  writeJwt({ ...claims, [name]: Number(claims.iat) + seconds })
const headed = (header: unknown) => (claims: Members) => writeJwt(claims, header)

const refused: Record<string, (claims: Members) => unknown> = {
  'InvalidAud: of another client': but({ aud: 'other' }),
  'InvalidAud: of a client whose name only begins alike': but({ aud: 'spa2' }),
  'InvalidAud: an object': but({ aud: { spa: 1 } }),
  'InvalidSecondaryAud: of others too, and does not say for whom': but({ aud: ['spa', 'other'] }),
  'InvalidSecondaryAud: of others too, and for one of them': but({ aud: ['spa', 'other'], azp: 'other' }),
  'InvalidIss: of another server': but({ iss: 'https://evil.example' }),
  'InvalidIss: with a slash where none was declared': (claims) => but({ iss: `${claims.iss}/` })(claims),
  'InvalidNonce: of another sign-in': but({ nonce: 'x'.repeat(43) }),
  'InvalidNonce: empty': but({ nonce: '' }),
  'InvalidExpiredExp: long over': later('exp', -600),
  'InvalidExpiredExp: over by more than a clock may be wrong': later('exp', -181),
  'InvalidExp: in words': but({ exp: 'tomorrow' }),
  'InvalidIat: in words': but({ iat: 'now' }),
  'InvalidNbf: not yet good': later('nbf', 600),
  'InvalidNullAlg: not signed': headed({ alg: 'none' }),
  'InvalidNullAlg: without an algorithm': headed({ kid: '1' }),
  'InvalidAlternateAlg: with the secret that a page has not': headed({ alg: 'HS256' }),
  'InvalidAlternateAlg: with another than is declared': headed({ alg: 'ES256' }),
  'MissingAud: of nobody': without('aud'),
  'MissingExp: without an end': without('exp'),
  'MissingIss: of no server': without('iss'),
  'MissingNonce: of no sign-in': without('nonce'),
  'MissingIat: without a beginning': without('iat'),
  'MissingSub: about nobody': without('sub'),
  'InvalidSub: about a number': but({ sub: 7 }),
  'with an extension that nobody knows': headed({ alg: 'RS256', crit: ['b64'], b64: false }),
  'not a JWT': () => 'token',
  empty: () => '',
  'a number': () => 1,
  'an object': (claims) => ({ ...claims }),
  'of two parts': (claims) => `${encodePart({ alg: 'RS256' })}.${encodePart(claims)}`,
  encrypted: (claims) => `${writeJwt(claims)}.a.b`,
  'with claims that are a list': () => writeJwt([]),
  'with claims that are null': () => writeJwt(null),
}

describe('an ID token', () => {
  it.each(Object.entries(refused))('%s, is refused and nothing is kept', async (_, write) => {
    const app = startOpenidApp()
    const { done } = await signInWith(app, write)
    const error = await failure(done)
    expect(error).toMatchObject({ code: 'id_token_invalid' })
    expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/eyJ|evil|other/)
    await expectNothingLeft(app)
  })

  it.each<[string, (claims: Members) => unknown]>([
    ['ValidAudAsArray: of this client in a list', but({ aud: ['spa'] })],
    ['of others too, for this client', but({ aud: ['other', 'spa'], azp: 'spa' })],
    ['over for less than a clock may be wrong', later('exp', -179)],
    ['with claims that nobody knows', but({ groups: [{ name: 'crew' }], toString: 1, constructor: null })],
  ])('%s, is taken', async (_, write) => {
    const app = startOpenidApp()
    expect((await (await signInWith(app, write)).done)?.session.claims).toMatchObject({ sub: '7' })
  })

  const signing =
    (...algorithms: string[]) =>
    ({ base }: Place) => ({ ...gitlab({ base }), id_token_signing_alg_values_supported: algorithms })

  it.each([
    ['ES256', ['RS256', 'ES256'], true],
    ['RS256', ['ES256'], false],
    ['none', ['none'], false],
    ['HS256', ['RS256', 'HS256'], false],
  ])(
    'signed with %s is judged by the algorithms %j that the server declares',
    async (alg, algorithms, good) => {
      const app = startOpenidApp({ provider: signing(...algorithms) })
      const { done } = await signInWith(app, headed({ alg }))
      if (good) expect((await done)?.session.claims).toMatchObject({ sub: '7' })
      else expect(await failure(done)).toMatchObject({ code: 'id_token_invalid' })
    },
  )

  it.each(['', '/'])('of a Gitea may name its issuer with "%s" at the end', async (end) => {
    const app = startOpenidApp({ provider: ({ base }) => gitea({ base }) })
    app.answers.rest = () => app.answers.token(new Request(app.base))
    const { done } = await signInWith(app, (claims) => but({ iss: claims.iss + end })(claims))
    expect((await done)?.session.claims?.iss).toBe(app.base + end)
  })

  it.each(['//', '/x', '/?a'])('of a Gitea may not name its issuer with "%s" at the end', async (end) => {
    const app = startOpenidApp({ provider: ({ base }) => gitea({ base }) })
    app.answers.rest = () => app.answers.token(new Request(app.base))
    const { done } = await signInWith(app, (claims) => but({ iss: claims.iss + end })(claims))
    expect(await failure(done)).toMatchObject({ code: 'id_token_invalid' })
  })
})
