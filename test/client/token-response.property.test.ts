import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../src/index.ts'
import { failure, startApp } from './app.ts'
import { hostileText, patience, runs } from './arbitrary.ts'

/** Every code that the answer of a token endpoint can lead to. */
const codes = new Set<string>([
  'bad_status',
  'invalid_access_token',
  'invalid_expires_in',
  'invalid_json',
  'malformed_response',
  'missing_access_token',
  'missing_token_type',
  'not_object',
  'token_endpoint_error',
  'unexpected_content_type',
  'unsupported_token_type',
])

const anything = fc.oneof(
  fc.jsonValue(),
  hostileText,
  fc.constantFrom(0, -1, 1e300, 2 ** 53, true, null, {}, [], { toString: 1 }),
)
const member = (...usual: unknown[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...usual) }, anything)
const tokens = fc.record(
  {
    access_token: member('AT'),
    token_type: member('bearer', 'Bearer'),
    expires_in: member(3600, '60'),
    refresh_token: member('RT'),
    scope: member('read_user'),
    error: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, anything),
    error_description: anything,
    __proto__: anything,
  },
  { requiredKeys: [] },
)
const body = fc.oneof(
  { weight: 4, arbitrary: tokens.map((value) => JSON.stringify(value)) },
  fc.json(),
  hostileText,
)
const response = fc.record({
  body,
  /** How much of it arrives. */
  part: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
  status: fc.oneof(
    { weight: 4, arbitrary: fc.constant(200) },
    fc.constantFrom(201, 204, 302, 400, 401, 429, 500, 503),
  ),
  type: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom(
        'application/json',
        'application/json; charset=utf-8',
        'Application/JWT+JSON',
      ),
    },
    fc.constantFrom('', 'text/html', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'),
  ),
  retryAfter: fc.constantFrom(undefined, '1', '-1', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT'),
})
type Answer = typeof response extends fc.Arbitrary<infer T> ? T : never

function toResponse({ body, part, status, type, retryAfter }: Answer): Response {
  const bytes = new TextEncoder().encode(body)
  const headers = { ...(type && { 'content-type': type }), ...(retryAfter && { 'retry-after': retryAfter }) }
  return new Response(status === 204 ? null : bytes.slice(0, Math.floor(bytes.length * part)), {
    status,
    headers,
  })
}

function expectNamed(error: unknown) {
  expect(error).toBeInstanceOf(OAuthError)
  const { code, error: wire = '', error_description: words = '', retryAfter = 0 } = error as OAuthError
  expect(codes).toContain(code)
  expect(wire).toMatch(/^[ -~…]*$/)
  expect(words).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  expect(words.length).toBeLessThanOrEqual(300)
  expect(Number.isNaN(retryAfter)).toBe(false)
}

describe('any answer of the token endpoint', () => {
  it(
    'leads to a session or to an error with a name',
    async () => {
      const app = startApp()
      const seen = new Set<string>()
      await fc.assert(
        fc.asyncProperty(response, async (answer) => {
          app.transactions.clear()
          app.answers.token = () => toResponse(answer)
          app.sent.length = 0
          const outcome = await app.client
            .callback(app.back(await app.start()))
            .catch((error: unknown) => error)
          expect(app.exchanges()).toHaveLength(1)
          if (outcome instanceof Error) {
            expectNamed(outcome)
            expect(app.storage.size).toBe(0)
            seen.add((outcome as OAuthError).code)
            return
          }
          const session = await app.client.session()
          expect(outcome).toMatchObject({ session })
          expect(['undefined', 'string']).toContain(typeof session?.scope)
          expect(Number.isFinite(session?.expires_at ?? 0)).toBe(true)
          // What was stored can be stored as JSON too, and is read again.
          const reloaded = app.open({ storage: new Map(JSON.parse(JSON.stringify([...app.storage]))) })
          expect(await reloaded.session()).toEqual(JSON.parse(JSON.stringify(session)))
          await app.client.logout()
          seen.add('session')
        }),
        runs,
      )
      expect([...seen]).toEqual(expect.arrayContaining(['session', ...codes]))
    },
    patience,
  )

  it(
    'to a refresh leads to a token or to an error with a name, and ends the session for invalid_grant only',
    async () => {
      await fc.assert(
        fc.asyncProperty(response, async (answer) => {
          const app = startApp()
          await app.client.callback(app.back(await app.start()))
          app.clock.now += 86_400_000
          app.answers.token = () => toResponse(answer)
          const outcome = await app.client.accessToken().catch((error: unknown) => error)
          expect(app.exchanges()).toHaveLength(2)
          if (typeof outcome === 'string') {
            expect(outcome).toMatch(/^[ -~]+$/)
            return
          }
          const { code, error } = outcome as OAuthError
          if (code === 'login_required') {
            expect(error).toBe('invalid_grant')
            expect(app.storage.size).toBe(0)
          } else {
            expectNamed(outcome)
            expect(await app.client.session()).toMatchObject({ scope: 'read_user' })
          }
        }),
        { numRuns: runs.numRuns / 5 },
      )
      const app = startApp()
      expect(await failure(app.client.accessToken())).toMatchObject({ code: 'signed_out' })
    },
    patience,
  )
})
