import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../src/index.ts'
import { hostileText, pairOf, patience, responseNames, runs } from './arbitrary.ts'
import { startPage } from './page.ts'

/** Stands for the state of the transaction that waits, which is known only when the property runs. */
const STATE = '\u{e000}'
const pairs = fc
  .array(
    fc.oneof(
      pairOf(fc.constantFrom(...responseNames), hostileText),
      { weight: 2, arbitrary: fc.constantFrom(`state=${STATE}`, 'code=CODE', 'access_token=x', '', '&') },
      { weight: 2, arbitrary: pairOf(hostileText, hostileText) },
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join('&'))

/** The pairs of a query or a hash that no specification defines: the app's own. URLSearchParams would drop a first `?`. */
const ownOf = (part: string) =>
  [...new URLSearchParams(`&${part.slice(1)}`)].filter(
    ([name, value]) => !responseNames.includes(name) && (name || value),
  )

describe('any address of the callback page', () => {
  it(
    'loses its response at once and keeps what is the app’s own',
    async () => {
      const page = startPage({ navigate: () => {} })
      let scrubbed = 0
      await fc.assert(
        fc.asyncProperty(pairs, fc.option(pairs), async (query, hash) => {
          page.transactions.clear()
          const state = (await page.start()).get('state') ?? ''
          page.comeBack(`?${query}${hash === null ? '' : `#${hash}`}`.replaceAll(STATE, state))
          const before = new URL(location.href)
          const entries = history.length
          const work = page.client.callback()
          const after = new URL(location.href)
          const outcome = await work.catch((error: unknown) => error)
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(OAuthError)
          expect(history.length).toBe(entries)
          expect(ownOf(after.search)).toEqual(ownOf(before.search))
          expect(ownOf(after.hash)).toEqual(ownOf(before.hash))
          if (outcome === undefined) {
            expect(after.href).toBe(before.href)
            return
          }
          scrubbed += 1
          if (/(^|[?&])(code|error|access_token|id_token)(=|&|$)/.test(before.search)) {
            expect([...after.searchParams.keys()].filter((name) => responseNames.includes(name))).toEqual([])
          }
          // A hash that is a route is the app's.
          if (!/^#[/!]/.test(after.hash)) {
            expect(new URLSearchParams(after.hash.slice(1)).get('access_token') || null).toBeNull()
          }
          await page.client.logout()
        }),
        runs,
      )
      expect(scrubbed).toBeGreaterThan(runs.numRuns / 5)
    },
    patience,
  )
})
