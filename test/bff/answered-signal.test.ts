import { describe, expect, it } from 'vitest'
import { back, leadsTo, until } from './app.ts'
import { hold } from './hold.ts'
import { NONE, type PasteApp, startPaste } from './paste-app.ts'

const isSuccess = (answer: Response) => `${answer.headers.getSetCookie()}`.includes('.session.gitlab=')

/** The cookie of the sign-in under way, as somebody has copied it. */
const copyCookie = (app: PasteApp) => {
  const { name, value } = app.findLogin()
  return `${name}=${value}`
}

/** Sends as a server does that aborts the signal of every request once it has answered it. */
async function serve(send: (signal: AbortSignal) => Promise<Response>) {
  const request = new AbortController()
  const answer = await send(request.signal)
  request.abort()
  return answer
}

describe('a server that aborts the signal of each request once it is answered', () => {
  it('gives the session of a way back once', async () => {
    const app = startPaste()
    const address = back('gitlab', await app.start('gitlab'))
    const cookie = copyCookie(app)
    const go = () =>
      serve((signal) => app.browser.send(address, { from: 'cross-site navigation', cookie, signal }))
    const first = await go()
    expect([leadsTo(first), isSuccess(first)]).toEqual(['/', true])
    for (const again of [await go(), await go()])
      expect([leadsTo(again), isSuccess(again)]).toEqual(['/?forgepass_error=state_replayed', false])
    expect(app.exchanges()).toHaveLength(1)
  })

  it('gives the session of a paste once, for no text and also not after a sign-out', async () => {
    const app = startPaste()
    await app.startManual()
    const cookie = copyCookie(app)
    expect((await serve((signal) => app.paste('canary-code-1', { signal }))).status).toBe(204)
    for (const text of ['canary-code-1', 'other', '']) {
      const again = await serve((signal) => app.paste(text, { cookie, signal }))
      expect(await app.refusal(again)).toEqual(NONE)
      expect(isSuccess(again)).toBe(false)
    }
    await app.browser.send('/auth/logout', { method: 'POST' })
    expect(await app.refusal(await app.paste('canary-code-1', { cookie }))).toEqual(NONE)
    expect(app.exchanges()).toHaveLength(1)
  })
})

describe('a session that nobody has got, as the request was given up', () => {
  it('is for who pastes the same text, not for who has copied the cookie alone', async () => {
    const app = startPaste()
    const state = await app.startManual()
    const cookie = copyCookie(app)
    const { release } = hold(app, 'token')
    const page = new AbortController()
    const first = app.paste('canary-code-1', { cookie, signal: page.signal })
    await until(() => expect(app.exchanges()).toHaveLength(1))
    page.abort()
    release()
    await first
    for (const text of ['other', '']) {
      const other = await app.paste(text, { cookie })
      expect(await app.refusal(other)).toEqual(NONE)
      expect(isSuccess(other)).toBe(false)
    }
    const from = 'cross-site navigation'
    expect(isSuccess(await app.browser.send(back('gitlab', state), { from, cookie }))).toBe(false)
    expect((await app.paste('canary-code-1', { cookie })).status).toBe(204)
    expect(app.exchanges()).toHaveLength(1)
  })

  it('is for who comes back with the same code', async () => {
    const app = startPaste()
    const state = await app.start('gitlab')
    const cookie = copyCookie(app)
    const { release } = hold(app, 'token')
    const page = new AbortController()
    const go = (code: string, signal = new AbortController().signal) =>
      app.browser.send(back('gitlab', state, { code }), { from: 'cross-site navigation', cookie, signal })
    const first = go('canary-code-1', page.signal)
    await until(() => expect(app.exchanges()).toHaveLength(1))
    page.abort()
    release()
    await first
    expect(isSuccess(await go('other'))).toBe(false)
    expect(isSuccess(await go('canary-code-1'))).toBe(true)
    expect(app.exchanges()).toHaveLength(1)
  })
})
