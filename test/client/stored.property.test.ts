import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { json, startApp } from './app.ts'
import { edit, editsOf, oddValue, patience, runs } from './arbitrary.ts'
import { codeOf, isRecord, isSession } from './stored.ts'

const HOUR = 3_600_000

const inSession = ['account', 'scope', 'expires_at', 'stale', 'claims', 'account.id', 'account.username']
const paths = [
  ...['version', 'client', 'id', 'access_token', 'refresh_token', 'renew_at', 'serial'],
  ...[...inSession, 'claims.iss', 'claims.sub', 'account.name'].map((name) => `session.${name}`),
]

/** What IndexedDB keeps, and JSON does not. */
const cloned = fc.oneof(
  { weight: 3, arbitrary: oddValue },
  fc.constantFrom<unknown>(
    Number.NaN,
    Infinity,
    -Infinity,
    1n,
    new Date(0),
    new Map([['id', '7']]),
    new Set(),
  ),
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }),
)

/** A record of a session that is signed in, its client, and where that reads it from. */
async function startStored() {
  const app = startApp()
  await app.signIn()
  const [[key, found]] = [...app.storage] as [[string, object]]
  const claims = { iss: app.base, sub: '7', aud: 'spa', exp: 1, iat: 1 }
  const { session } = found as { session: object }
  // Not asked for again, which could come too late for the record it is of.
  app.answers.user = () => json({}, { status: 500 })
  const storage = new Map<string, unknown>()
  const client = app.open({ storage })
  /** Signs out, and lets everything that this entails come to its end. */
  const leave = async () => {
    await client.logout()
    await app.options.lock?.(key, async () => {})
  }
  return { ...app, key, storage, client, leave, record: { ...found, session: { ...session, claims } } }
}

describe('any stored value', () => {
  it(
    'in the place of a session is that session, whole, or a sign-out',
    async () => {
      const app = await startStored()
      const { key, client, storage, clock, leave } = app
      const begun = clock.now
      const seen = { whole: 0, out: 0 }
      const value = fc.oneof(
        { weight: 4, arbitrary: editsOf(paths, cloned).map((edits) => edit(app.record, edits)) },
        cloned,
        editsOf(['session']).map((edits) => edit(app.record, edits)),
        cloned.map((other) => [app.record, other]),
        fc.constant({ ...app.record, client: key.replace('spa', 'other') }),
      )
      const later = fc.constantFrom(0, HOUR, 3 * HOUR, -24 * HOUR, 24 * HOUR)
      await fc.assert(
        fc.asyncProperty(value, later, async (stored, wait) => {
          // Also what the case before has left behind when it failed.
          await leave()
          storage.clear()
          storage.set(key, stored)
          clock.now = begun + wait
          app.sent.length = 0
          const session = await client.session()
          const token = await client.accessToken().catch(codeOf)
          if (session) {
            seen.whole += 1
            expect(isRecord(stored, key)).toBe(true)
            expect(isSession(session)).toBe(true)
            expect(token).toMatch(/^[ -~]+$/)
          } else {
            seen.out += 1
            expect(session).toBeNull()
            expect(isRecord(stored, key)).toBe(false)
            expect([token, client.snapshot]).toEqual(['signed_out', null])
            expect(await client.fetch('user').catch(codeOf)).toBe('signed_out')
            expect(app.sent).toEqual([])
          }
          await leave()
          expect(await client.session()).toBeNull()
        }),
        runs,
      )
      expect(Math.min(seen.whole, seen.out)).toBeGreaterThan(runs.numRuns / 20)
    },
    patience,
  )

  it(
    'in the place of a refresh under way puts the next one off by a minute at most',
    async () => {
      const app = await startStored()
      const { key, client, storage, clock, leave } = app
      const { id } = app.record as unknown as { id: string }
      const begun = clock.now + 3 * HOUR
      const seen = new Set<string>()
      const attempt = { id, serial: 0, sent_at: begun, tries: 3 }
      const value = fc.oneof(
        { weight: 3, arbitrary: editsOf(Object.keys(attempt), cloned).map((edits) => edit(attempt, edits)) },
        fc.record({ id: fc.constant(id), serial: fc.constant(0), sent_at: cloned, tries: cloned }),
        cloned,
      )
      await fc.assert(
        fc.asyncProperty(value, async (stored) => {
          await leave()
          storage.clear()
          storage.set(key, structuredClone(app.record)).set(`${key} refresh`, stored)
          // What the ID token says is not what this is about.
          Reflect.deleteProperty(Object(Object(storage.get(key)).session), 'claims')
          clock.now = begun
          app.sent.length = 0
          const first = await client.accessToken().catch(codeOf)
          seen.add(first.replace(/\d+/, ''))
          if (first === 'network_error') expect(app.sent).toEqual([])
          else expect(first).toMatch(/^AT-\d+$/)
          clock.now += 61_000
          expect(await client.accessToken()).toMatch(/^AT-\d+$/)
          expect(app.exchanges()).toHaveLength(1)
          expect(storage.has(`${key} refresh`)).toBe(false)
          expect(isSession(await client.session())).toBe(true)
        }),
        runs,
      )
      expect(seen).toEqual(new Set(['AT-', 'network_error']))
    },
    patience,
  )
})
