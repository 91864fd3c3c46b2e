import { describe, expect, it } from 'vitest'
import { json } from '../client/app.ts'
import { back, leadsTo, until } from './app.ts'
import { hold } from './hold.ts'
import { expectKept, NONE, type PasteApp, startPaste } from './paste-app.ts'

const refuseCode = () => json({ error: 'invalid_grant' }, { status: 400 })

/** Waits until what was sent before has got as far as the forge: what other browsers sent later has been answered. */
async function allArrive(app: PasteApp) {
  for (let turn = 0; turn < 5; turn += 1) {
    const other = app.open()
    await app.startManual({}, other)
    expect((await app.paste('', {}, other)).status).toBe(400)
  }
}

describe('pastes at one time', () => {
  const cookiesOf = (answers: Response[]) =>
    answers.filter(({ headers }) => `${headers.getSetCookie()}`.includes('.session.gitlab='))

  it('of one code are one try and one session', async () => {
    const app = startPaste()
    await app.startManual()
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.paste('canary-code-1')))
    expect(app.exchanges()).toHaveLength(1)
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(9).fill(409)])
    expect(cookiesOf(answers).map(({ status }) => status)).toEqual([204])
    expect(await app.isSignedIn()).toBe(true)
  })

  it('of one wrong code count once', async () => {
    const app = startPaste()
    await app.startManual()
    const { release } = hold(app, 'token')
    const pasted = Array.from({ length: 10 }, () => app.paste('a'))
    await allArrive(app)
    release(refuseCode)
    const answers = await Promise.all(pasted)
    for (const answer of answers) expect(await app.refusal(answer)).toEqual([400, 'token_endpoint_error', 2])
    expect(app.exchanges()).toHaveLength(1)
    app.answers.token = app.issue
    await expectKept(app)
  })

  it('of ten wrong codes are three tries', async () => {
    const app = startPaste()
    await app.startManual()
    const { release } = hold(app, 'token')
    const pasted = Array.from({ length: 10 }, (_, index) => app.paste(`code-${index}`))
    await allArrive(app)
    expect(app.exchanges()).toHaveLength(1)
    release(refuseCode)
    app.answers.token = refuseCode
    const told = await Promise.all((await Promise.all(pasted)).map(app.refusal))
    expect(app.exchanges()).toHaveLength(3)
    const busy = Array(4).fill([429, 'login_in_progress', undefined])
    expect(told.map(([status]) => status).toSorted()).toEqual([
      ...Array(3).fill(400),
      409,
      409,
      409,
      ...Array(4).fill(429),
    ])
    expect(told.filter(([status]) => status === 409)).toEqual([NONE, NONE, NONE])
    expect(told.filter(([status]) => status === 429)).toEqual(busy)
  })

  it('of ten right codes are one session', async () => {
    const app = startPaste()
    await app.startManual()
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => app.paste(`code-${index}`)))
    expect(app.exchanges()).toHaveLength(1)
    expect(cookiesOf(answers)).toHaveLength(1)
    expect(cookiesOf(answers)[0]?.status).toBe(204)
  })

  it('of a wrong code and the right one sign in', async () => {
    const app = startPaste()
    await app.startManual()
    const { release } = hold(app, 'token')
    const first = app.paste('wrong')
    await until(() => expect(app.exchanges()).toHaveLength(1))
    const second = app.paste('right')
    await allArrive(app)
    release(refuseCode)
    expect((await first).status).toBe(400)
    expect((await second).status).toBe(204)
  })

  it('and a callback make one exchange', async () => {
    const app = startPaste()
    const state = await app.startManual()
    const { release } = hold(app, 'token')
    const pasted = app.paste('canary-code-1')
    await until(() => expect(app.exchanges()).toHaveLength(1))
    const returned = app.finish(back('gitlab', state))
    release()
    expect((await pasted).status).toBe(204)
    expect(leadsTo(await returned)).toBe('/?forgepass_error=state_replayed')
    expect(app.exchanges()).toHaveLength(1)
  })

  it('that the page gave up give their session to the next of the same code', async () => {
    const app = startPaste()
    await app.startManual()
    const { name, value } = app.findLogin()
    const cookie = `${name}=${value}`
    const { release } = hold(app, 'token')
    const page = new AbortController()
    const first = app.paste('canary-code-1', { cookie, signal: page.signal })
    await until(() => expect(app.exchanges()).toHaveLength(1))
    page.abort()
    release()
    await first
    const answers = [
      await app.paste('canary-code-1', { cookie }),
      await app.paste('canary-code-1', { cookie }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([204, 409])
    expect(cookiesOf(answers)).toHaveLength(1)
    expect(app.exchanges()).toHaveLength(1)
  })
})
