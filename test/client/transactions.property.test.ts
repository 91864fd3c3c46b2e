import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../src/client/transactions.ts'
import { json, startApp } from './app.ts'
import { edit, editsOf, oddValue, patience, runs } from './arbitrary.ts'
import { codeOf, isSession } from './stored.ts'

const members = ['client', 'redirect_uri', 'expires_at', 'return_to', 'spent', 'relayed', 'scope', 'issuer']
const paths = [...members, 'state', 'code_verifier', 'nonce', 'token_endpoint']

describe('any stored sign-in', () => {
  it(
    'ends in a whole session of its own client, in nothing, or in an error with a name',
    async () => {
      const app = startApp()
      await app.start()
      const [first] = [...app.transactions.values()] as [{ client: string }]
      const own = first.client
      const seen = new Set<string>()
      const value = fc.oneof(
        {
          weight: 4,
          arbitrary: editsOf(paths).map((edits) => (kept: object) => edit(kept, edits) as unknown),
        },
        { weight: 1, arbitrary: oddValue.map((other) => () => other) },
        { weight: 1, arbitrary: fc.constant((kept: object) => ({ ...kept, client: 'another' })) },
      )
      await fc.assert(
        fc.asyncProperty(value, fc.boolean(), async (damage, tellsScope) => {
          await app.client.logout()
          app.transactions.clear()
          app.storage.clear()
          app.sent.length = 0
          app.answers.token = () =>
            json({ access_token: 'AT', token_type: 'bearer', ...(tellsScope && { scope: 'x' }) })
          const request = await app.start()
          const name = `forgepass.tx.${request.get('state')}`
          // As localStorage keeps it.
          const text = JSON.stringify(damage(app.transactions.get(name) as object)) ?? 'null'
          const stored = JSON.parse(text) as Partial<Transaction> | null
          app.transactions.set(name, stored)
          const outcome = await app.client.callback(app.back(request)).catch(codeOf)
          const { client, spent, expires_at = 0, return_to } = Object(stored)
          if (typeof outcome === 'string') {
            expect(app.storage.size).toBe(0)
            seen.add(outcome)
          } else if (outcome) {
            expect([client === own, !spent, expires_at > app.clock.now]).toEqual([true, true, true])
            expect(app.exchanges()).toHaveLength(1)
            expect(isSession(outcome.session), text).toBe(true)
            expect(outcome.return_to).toMatch(/^\/(?![/\\])/)
            if (typeof return_to !== 'string') expect(outcome.return_to).toBe('/')
            expect(await app.open().session()).toEqual(outcome.session)
            seen.add('session')
          } else {
            expect(client).not.toBe(own)
            seen.add('nothing')
          }
          if (!outcome || typeof outcome === 'string') expect(await app.client.session()).toBeNull()
        }),
        runs,
      )
      const usual = ['session', 'nothing', 'state_mismatch', 'state_replayed', 'transaction_expired']
      expect([...seen]).toEqual(expect.arrayContaining(usual))
    },
    patience,
  )

  it(
    'beside a new one is swept or left, and keeps nobody from signing in',
    async () => {
      const app = startApp()
      const others = fc.array(fc.tuple(fc.string({ maxLength: 5 }), oddValue), { maxLength: 30 })
      const ends = fc.array(oddValue, { maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(others, ends, oddValue, async (values, moments, failed) => {
          app.transactions.clear()
          for (const [name, value] of values) app.transactions.set(`forgepass.tx.${name}`, value)
          for (const [index, expires_at] of moments.entries())
            app.transactions.set(`forgepass.tx.end-${index}`, { client: 'x', expires_at })
          app.transactions.set('forgepass.failed', failed)
          const request = await app.start()
          const kept = [...app.transactions.keys()].filter((name) => name.startsWith('forgepass.tx.'))
          expect(kept.length).toBeLessThanOrEqual(10)
          expect(await app.client.callback(app.back(request))).toMatchObject({
            session: { scope: 'read_user' },
          })
        }),
        runs,
      )
    },
    patience,
  )
})
