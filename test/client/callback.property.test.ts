import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../src/index.ts'
import { startApp } from './app.ts'
import { hostileText, pairOf, patience, responseNames, runs } from './arbitrary.ts'

/** Every code that a callback can fail with. */
const codes = new Set<string>([
  'authorization_error',
  'duplicate_parameter',
  'issuer_mismatch',
  'issuer_missing',
  'issuer_unexpected',
  'malformed_response',
  'mixed_response',
  'redirect_uri_mismatch',
  'response_mode_mismatch',
  'response_type_mismatch',
  'state_mismatch',
  'state_missing',
  'state_replayed',
  'transaction_expired',
])

/** Stands for the state of the transaction that waits, which is known only when the property runs. */
const STATE = '\u{e000}'
const pair = fc.oneof(
  pairOf(fc.constantFrom(...responseNames), hostileText),
  { weight: 2, arbitrary: fc.constant(`state=${STATE}`) },
  { weight: 2, arbitrary: fc.constantFrom('code=CODE', 'error=access_denied', 'access_token=x', 'code=') },
  pairOf(hostileText, hostileText),
)
const pairs = fc.array(pair, { maxLength: 5 }).map((parts) => parts.join('&'))
const address = fc.record({
  query: fc.option(pairs, { nil: undefined }),
  hash: fc.option(
    fc.oneof(
      pairs,
      pairs.map((text) => `/route?${text}`),
    ),
    { nil: undefined },
  ),
  path: fc.constantFrom('', '', '', '', '/x', '/../other'),
})

describe('any callback address', () => {
  it(
    'leads to nothing, to a session or to an error with a name, and asks for tokens once at most',
    async () => {
      const app = startApp()
      const seen = new Set<string>()
      await fc.assert(
        fc.asyncProperty(address, async ({ query, hash, path }) => {
          app.transactions.clear()
          app.sent.length = 0
          const state = (await app.start()).get('state') ?? ''
          const parts = [path, query === undefined ? '' : `?${query}`, hash === undefined ? '' : `#${hash}`]
          const href = app.redirect_uri + parts.join('').replaceAll(STATE, state)
          const outcome = await app.client.callback(href).catch((error: unknown) => error)
          const asked = app.exchanges().length
          if (outcome instanceof Error) {
            expect(outcome).toBeInstanceOf(OAuthError)
            const { code, message } = outcome as OAuthError
            expect(codes).toContain(code)
            expect(message.length).toBeLessThan(500)
            expect(asked).toBe(0)
            expect(app.storage.size).toBe(0)
            seen.add(code)
          } else if (outcome) {
            expect(outcome).toMatchObject({ session: { scope: 'read_user' } })
            // Only a response with the state of its transaction, at its place, is worth a token.
            expect(new URL(href).searchParams.getAll('state')).toEqual([state])
            expect(new URL(href).href.startsWith(`${app.redirect_uri}?`)).toBe(true)
            expect(asked).toBe(1)
            await app.client.logout()
            seen.add('session')
          } else {
            expect(asked).toBe(0)
            seen.add('nothing')
          }
        }),
        runs,
      )
      // The addresses are of many kinds, or the property says little.
      expect([...seen]).toEqual(
        expect.arrayContaining(['session', 'nothing', 'state_missing', 'state_mismatch']),
      )
      expect([...seen]).toEqual(expect.arrayContaining(['authorization_error', 'duplicate_parameter']))
    },
    patience,
  )
})

describe('any return_to', () => {
  it(
    'leads to a path of this origin',
    async () => {
      const app = startApp()
      const { origin } = new URL(app.redirect_uri)
      const start = fc.constantFrom(
        '',
        '/',
        '//',
        '/\\',
        'https:',
        'https://',
        'https://app.example',
        'blob:https://app.example/',
        '/..',
        './',
      )
      await fc.assert(
        fc.asyncProperty(start, hostileText, async (prefix, text) => {
          app.transactions.clear()
          const request = await app.start({ return_to: prefix + text })
          const done = await app.client.callback(app.back(request))
          const return_to = done?.return_to ?? ''
          expect(return_to).toMatch(/^\/(?![/\\])/)
          expect(new URL(return_to, app.redirect_uri).origin).toBe(origin)
          // What a browser reads from a header or an attribute is the same.
          expect(return_to).toMatch(/^[!-~]+$/)
        }),
        runs,
      )
    },
    patience,
  )
})
