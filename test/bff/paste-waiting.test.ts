import { describe, expect, it } from 'vitest'
import { defineProvider } from '../../src/provider/index.ts'
import { json } from '../client/app.ts'
import { back, leadsTo, until } from './app.ts'
import { hold } from './hold.ts'
import { CALLBACK, expectKept, NONE, startPaste } from './paste-app.ts'
import { expectStray } from './refusal.ts'

const refuseCode = () => json({ error: 'invalid_grant' }, { status: 400 })

/** A paste that is being judged, and a way to answer it. */
async function startJudging() {
  const app = startPaste()
  const state = await app.startManual()
  const { release } = hold(app, 'token')
  const first = app.paste('wrong')
  await until(() => expect(app.exchanges()).toHaveLength(1))
  /** What was sent before has got as far as it gets. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 50))
  return { ...app, app, state, release, first, settle }
}

describe('a paste that waits for another', () => {
  it('is left out once its page has gone', async () => {
    const { app, release, first, paste, settle } = await startJudging()
    const page = new AbortController()
    const waiting = ['a', 'b', 'c'].map((code) => paste(code, { signal: page.signal }))
    await settle()
    page.abort()
    release(refuseCode)
    expect(await app.refusal(await first)).toEqual([400, 'token_endpoint_error', 2])
    await Promise.all(waiting)
    expect(app.exchanges()).toHaveLength(1)
    await expectKept(app)
  })

  it('is judged as long as one page waits for it', async () => {
    const { app, release, first, paste, settle } = await startJudging()
    const page = new AbortController()
    const { name, value } = app.findLogin()
    const gone = paste('right', { signal: page.signal, cookie: `${name}=${value}` })
    await settle()
    const waiting = paste('right')
    await settle()
    page.abort()
    release(refuseCode)
    await Promise.all([first, gone])
    expect((await waiting).status).toBe(204)
    expect(app.exchanges()).toHaveLength(2)
  })

  it('is the sixth at most: one more is refused, and counts for nothing', async () => {
    const { app, release, first, paste, settle } = await startJudging()
    const page = new AbortController()
    const waiting = [1, 2, 3, 4, 5].map((code) => paste(`${code}`, { signal: page.signal }))
    await settle()
    const answer = await paste('one too many')
    expect([answer.status, answer.headers.get('forgepass-error')]).toEqual([429, 'login_in_progress'])
    expect(answer.headers.getSetCookie()).toEqual([])
    page.abort()
    release(refuseCode)
    await Promise.all([first, ...waiting])
    await expectKept(app)
  })
})

describe('a way back while a paste is judged', () => {
  it('signs in after a wrong one', async () => {
    const { app, state, release, first, settle } = await startJudging()
    const returned = app.finish(back('gitlab', state))
    await settle()
    release(refuseCode)
    expect(await app.refusal(await first)).toEqual([400, 'token_endpoint_error', 2])
    expect(leadsTo(await returned)).toBe('/')
    expect(await app.isSignedIn()).toBe(true)
  })

  it('of a stranger, without its state, leaves it alone', async () => {
    const { app, release, first } = await startJudging()
    await expectStray(await app.finish(back('gitlab', 'x'.repeat(43))))
    release(refuseCode)
    await first
    await expectKept(app)
  })
})

describe('a sign-in by hand', () => {
  it('is not ended by a way back without a word, where that may be a Cancel', async () => {
    const urls = {
      authorization_endpoint: 'https://gitlab.example/a',
      token_endpoint: 'https://gitlab.example/oauth/token',
    }
    const server = defineProvider({ issuer: 'https://gitlab.example', ...urls })
    const provider = { ...server, manual_redirect_uri: 'none', bare_cancel: true } as const
    const app = startPaste({ providers: { gitlab: { provider } } })
    await app.startManual()
    for (let turn = 0; turn < 5; turn += 1)
      expect(leadsTo(await app.finish(CALLBACK))).toBe('/?forgepass_error=user_cancelled')
    expect((await app.paste('canary-code-1')).status).toBe(204)
  })

  it('is told that it came too late as what it is, no fault of the forge', async () => {
    const app = startPaste()
    await app.startManual()
    app.clock.now += 600_000
    expect(await app.refusal(await app.paste('canary-code-1'))).toEqual([409, 'transaction_expired', 0])
  })

  it.each([
    ['another value', 'planted'],
    ['the same value', ''],
  ])('is none where its cookie is there twice, with %s', async (_, planted) => {
    const app = startPaste()
    await app.startManual()
    const { name, value } = app.findLogin()
    const twice = `${name}=${value}; ${name}=${planted || value}`
    expect(await app.refusal(await app.paste('canary-code-1', { cookie: twice }))).toEqual(NONE)
    expect(app.sent).toEqual([])
    await expectKept(app)
  })
})

it('a way back without a word belongs to no sign-in whose cookie is there twice', async () => {
  const app = startPaste()
  await app.start('gitea')
  const { name, value } = app.findLogin()
  const cookie = `${name}=planted; ${name}=${value}`
  const from = 'cross-site navigation'
  await expectStray(await app.browser.send('/auth/callback/gitea', { from, cookie }))
})
