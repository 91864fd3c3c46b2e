import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../src/index.ts'
import { assess, type Circumstances, decide, renewalOf } from '../../src/session/decide.ts'
import type { Attempt, SessionRecord } from '../../src/session/record.ts'

const NOW = Date.UTC(2026, 9, 1)
const MINUTE = 60_000

/** A session whose token lives for an hour from `NOW` on, and is to be renewed a minute before that. */
const session: SessionRecord = {
  version: 1,
  client: 'client',
  id: 'one',
  access_token: 'AT-1',
  refresh_token: 'RT-1',
  renew_at: NOW + 59 * MINUTE,
  session: { scope: 'read_user', expires_at: NOW + 60 * MINUTE },
}
const withoutRefresh: SessionRecord = { ...session, refresh_token: undefined }
const withoutEnd: SessionRecord = { ...session, renew_at: undefined, session: { scope: 'read_user' } }

const attempt = (tries: number, sent_at: number): Attempt => ({ id: 'one', serial: 0, sent_at, tries })

describe('what a session needs', () => {
  const late = NOW + 61 * MINUTE
  const early = NOW + 59.5 * MINUTE
  const cases: [string, SessionRecord, Partial<Circumstances>, ReturnType<typeof assess>][] = [
    ['a call with a live token', session, {}, 'nothing'],
    ['a call in the last minute', session, { now: early }, 'nothing'],
    ['a call in the last five seconds', session, { now: NOW + 60 * MINUTE - 4000 }, 'refresh'],
    ['a call after the end', session, { now: late }, 'refresh'],
    ['a call after the end without a refresh token', withoutRefresh, { now: late }, 'login'],
    ['a call with a token that names no end', withoutEnd, { now: late + 1e12 }, 'nothing'],
    ['a call whose token was refused', session, { refused: 'AT-1' }, 'refresh'],
    ['a call whose token was refused, without a refresh token', withoutRefresh, { refused: 'AT-1' }, 'login'],
    ['a call whose former token was refused', session, { refused: 'AT-0' }, 'nothing'],
    ['the time before the last minute', session, { occasion: 'ahead' }, 'nothing'],
    ['the last minute', session, { occasion: 'ahead', now: early }, 'refresh'],
    ['the last minute without a refresh token', withoutRefresh, { occasion: 'ahead', now: early }, 'nothing'],
    ['waking up before the last minute', session, { occasion: 'wake' }, 'nothing'],
    ['waking up in the last minute', session, { occasion: 'wake', now: early }, 'refresh'],
    ['waking up after the end', session, { occasion: 'wake', now: late }, 'refresh'],
    ['waking up with a token that names no end', withoutEnd, { occasion: 'wake', now: late }, 'nothing'],
  ]
  it.each(cases)('in %s', (_, record, circumstances, need) => {
    expect(assess(record, { now: NOW, occasion: 'call', ...circumstances })).toBe(need)
  })

  const open: [string, Partial<Circumstances>, ReturnType<typeof assess>][] = [
    ['while the token lives', { now: NOW }, 'nothing'],
    ['in its last minute', { now: early, occasion: 'ahead' }, 'nothing'],
    ['in its last minute, on waking', { now: early, occasion: 'wake' }, 'nothing'],
    [
      'in its last minute at a server that tolerates a repeat',
      { now: early, occasion: 'ahead', refresh_reuse: 'tolerated' },
      'refresh',
    ],
    [
      'in its last minute at a server that revokes',
      { now: early, occasion: 'wake', refresh_reuse: 'revokes' },
      'nothing',
    ],
    ['once it has ended', { now: late }, 'refresh'],
    ['once it was refused', { refused: 'AT-1' }, 'refresh'],
  ]
  it.each(open)('when a refresh was sent and never answered, %s', (_, circumstances, need) => {
    const sent = attempt(1, (circumstances.now ?? NOW) - 1)
    expect(assess(session, { now: NOW, occasion: 'call', attempt: sent, ...circumstances })).toBe(need)
  })

  const patience: [tries: number, waited: number, ReturnType<typeof assess>][] = [
    [1, 0, 'refresh'],
    [2, 0, 'patience'],
    [2, 3999, 'patience'],
    [2, 4000, 'refresh'],
    [3, 7999, 'patience'],
    [3, 8000, 'refresh'],
    [5, 31_999, 'patience'],
    [6, 59_999, 'patience'],
    [6, 60_000, 'refresh'],
    [1000, 60_000, 'refresh'],
  ]
  it.each(patience)('after %d requests without an answer, the last one %d ms ago', (tries, waited, need) => {
    const circumstances = { now: late, occasion: 'call', attempt: attempt(tries, late - waited) } as const
    expect(assess(session, circumstances)).toBe(need)
    expect(assess(session, { ...circumstances, occasion: 'wake' })).toBe('refresh')
  })

  it('does not wait for a day because a clock was set back by one', () => {
    const circumstances = {
      now: late,
      occasion: 'call',
      attempt: attempt(9, late + 24 * 60 * MINUTE),
    } as const
    expect(assess(session, circumstances)).toBe('refresh')
  })
})

describe('the renewal before the end', () => {
  it.each([
    ['an hour', 3_600_000, 3_540_000],
    ['ten minutes', 600_000, 540_000],
    ['a minute', 60_000, 54_000],
    ['two seconds', 2000, 1800],
    ['300 years', 1e13, 1e13 - 60_000],
  ])('of a token that lives for %s', (_, life, after) => {
    expect(renewalOf({ expires_at: NOW + life }, NOW)).toBe(NOW + after)
  })

  it('is none where no end was named', () => {
    expect(renewalOf({}, NOW)).toBeUndefined()
  })
})

describe('what a refresh means', () => {
  const tokens = { access_token: 'AT-2', refresh_token: 'RT-2', expires_at: NOW + 60 * MINUTE, scope: 'api' }
  const failed = (code: OAuthError['code'], status?: number) => new OAuthError(code, { status })
  const refresh = (current: SessionRecord | undefined, outcome: typeof tokens | OAuthError, open?: Attempt) =>
    decide(current, { before: session, outcome, now: NOW, attempt: open })

  it('replaces the tokens, and counts', () => {
    const { record, error, isOpen } = refresh(session, tokens)
    expect(record).toMatchObject({ access_token: 'AT-2', refresh_token: 'RT-2', serial: 1, id: 'one' })
    expect(record?.renew_at).toBe(NOW + 59 * MINUTE)
    expect(record?.session).toEqual({ scope: 'api', expires_at: NOW + 60 * MINUTE })
    expect([error, isOpen]).toEqual([undefined, undefined])
  })

  it('keeps the refresh token and the scope that it does not replace', () => {
    const { record } = refresh(session, { access_token: 'AT-2' } as typeof tokens)
    expect(record).toMatchObject({ refresh_token: 'RT-1', session: { scope: 'read_user' } })
    expect([record?.renew_at, record?.session.expires_at]).toEqual([undefined, undefined])
  })

  it('is unwanted where the session has ended, and where another one has begun', () => {
    expect(refresh(undefined, tokens)).toMatchObject({
      record: undefined,
      unwanted: tokens,
      error: { code: 'signed_out' },
    })
    const other = { ...session, id: 'two' }
    expect(refresh(other, tokens)).toMatchObject({ record: other, unwanted: tokens })
    expect(refresh(other, tokens).error).toBeUndefined()
    expect(refresh(other, failed('login_required'))).toEqual({ record: other, error: undefined })
  })

  it('is no matter where somebody else was faster', () => {
    const current = { ...session, access_token: 'AT-9' }
    for (const code of ['login_required', 'network_error'] as const)
      expect(refresh(current, failed(code))).toEqual({ record: current })
  })

  it('ends the session where the refresh token is dead, and says why if that is known', () => {
    const dead = failed('login_required', 400)
    expect(refresh(session, dead)).toMatchObject({ record: undefined, error: { code: 'login_required' } })
    expect(refresh(session, dead).error?.reason).toBeUndefined()
    expect(refresh(session, dead, attempt(1, NOW)).error?.reason).toBe('refresh_outcome_unknown')
  })

  const passing: [string, OAuthError, open: boolean][] = [
    ['no answer', failed('network_error'), true],
    ['no answer in time', failed('timeout'), true],
    ['half an answer', failed('invalid_json', 200), true],
    ['an answer that is none', failed('unexpected_content_type', 200), true],
    ['a gateway that gave up', failed('bad_status', 504), true],
    ['an error of the server', failed('token_endpoint_error', 500), true],
    ['a refusal for now', failed('bad_status', 429), false],
    ['a refusal in the words of OAuth', failed('token_endpoint_error', 400), false],
    ['a refusal with status 200', failed('token_endpoint_error', 200), false],
    ['a refusal of the client', failed('token_endpoint_error', 401), false],
  ]
  it.each(passing)('leaves the session as it is, but stale, after %s', (_, error, isOpen) => {
    const stale = { ...session, session: { ...session.session, stale: true } }
    expect(refresh(session, error)).toEqual({ record: stale, error, isOpen })
    expect(refresh(session, error, attempt(1, NOW))).toEqual({ record: stale, error, isOpen: true })
  })
})
