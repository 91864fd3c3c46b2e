import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OAuthError } from '../../src/index.ts'
import { hostileText, patience, runs } from './arbitrary.ts'
import { claimsOf, encodePart, grantWith, type Members, startOpenidApp } from './id-token.ts'

const anything = fc.oneof(
  fc.jsonValue(),
  hostileText,
  fc.constantFrom(0, -1, 1e300, null, {}, [], '__proto__', { toString: 1 }),
)
const names = ['iss', 'sub', 'aud', 'azp', 'exp', 'iat', 'nbf', 'auth_time', 'nonce', '__proto__', 'toString']

/** Changes of good claims: a value of any kind, or none. */
const changes = fc.dictionary(
  fc.constantFrom(...names),
  fc.oneof({ weight: 3, arbitrary: anything }, fc.constant(undefined)),
  { maxKeys: 2 },
)
const header = fc.oneof(
  { weight: 4, arbitrary: fc.constant<unknown>({ alg: 'RS256' }) },
  fc.record({ alg: anything, crit: anything, typ: anything }, { requiredKeys: [] }),
  anything,
)

/** What stands in place of the ID token: a JWT of changed claims, cut or put together in any way, or no JWT at all. */
const idToken = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ changes, header, end: fc.constantFrom('.c2ln', '.', '', '.a.b', '.\ud800') })
      .map((parts) => (claims: Members) => {
        const { header, changes, end } = parts
        return `${encodePart(header)}.${encodePart({ ...claims, ...changes })}${end}`
      }),
  },
  anything.map((value) => () => value),
  fc.tuple(hostileText, hostileText, hostileText).map((parts) => () => parts.join('.')),
)

it(
  'takes an ID token only if it says what a good one says, and keeps nothing of another',
  async () => {
    await fc.assert(
      fc.asyncProperty(idToken, async (write) => {
        const app = startOpenidApp()
        const request = await app.start()
        const good = claimsOf(app, request.get('nonce'))
        app.answers.token = grantWith(write(good))
        const done = await app.client.callback(app.back(request)).catch((error: unknown) => error)
        if (done instanceof OAuthError) {
          expect(done.code).toMatch(/^id_token_(missing|invalid)$/)
          expect([...app.storage]).toEqual([])
          expect(app.client.snapshot ?? null).toBeNull()
        } else {
          const { claims } = app.client.snapshot ?? {}
          expect(claims).toMatchObject({ iss: good.iss })
          expect(typeof claims?.sub).toBe('string')
          expect([claims?.aud].flat()).toContain('spa')
          expect(claims?.exp).toBeGreaterThan(app.clock.now / 1000 - 180)
          expect(JSON.stringify([...app.storage])).not.toContain(request.get('nonce'))
        }
      }),
      runs,
    )
  },
  patience,
)

it(
  'goes on with a session after a refresh only for the same person',
  async () => {
    await fc.assert(
      fc.asyncProperty(idToken, async (write) => {
        const app = startOpenidApp()
        const request = await app.start()
        const good = claimsOf(app, request.get('nonce'))
        app.answers.token = grantWith(`${encodePart({ alg: 'RS256' })}.${encodePart(good)}.c2ln`)
        await app.client.callback(app.back(request))
        app.clock.now += 10_000_000
        app.answers.token = grantWith(write(claimsOf(app)), '2')
        const token = await app.client.accessToken().catch((error: unknown) => error)
        if (token instanceof OAuthError) {
          expect(token.code).toBe('login_required')
          expect([...app.storage]).toEqual([])
        } else {
          expect(token).toBe('AT-2')
          expect(app.client.snapshot?.claims).toMatchObject({ iss: good.iss, sub: good.sub })
        }
      }),
      runs,
    )
  },
  patience,
)
