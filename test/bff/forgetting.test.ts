import { expect, it } from 'vitest'
import { json } from '../client/app.ts'
import { until } from './app.ts'
import { hold } from './hold.ts'
import { NONE, type PasteApp, startPaste } from './paste-app.ts'

/** More sign-ins of strangers than are remembered, each with a paste that no forge is asked about. */
async function flood(app: PasteApp) {
  for (let count = 0; count <= 10_000; count += 50)
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const stranger = app.open()
        await app.startManual({}, stranger)
        expect((await app.paste('', {}, stranger)).status).toBe(400)
      }),
    )
}

/** A sign-in by hand whose cookie somebody has copied. */
async function startCopied() {
  // Strangers take their time on a slow machine.
  const app = startPaste({ timeout: 600_000 })
  await app.startManual()
  const { name, value } = app.findLogin()
  return { app, cookie: `${name}=${value}` }
}

/** A sign-in whose code is being exchanged. */
async function startExchange(app: PasteApp) {
  const browser = app.open()
  await app.startManual({}, browser)
  const { name, value } = app.findLogin(browser)
  const cookie = `${name}=${value}`
  const { length } = app.exchanges()
  const { release } = hold(app, 'token')
  const first = app.paste('canary-code-1', { cookie })
  await until(() => expect(app.exchanges()).toHaveLength(length + 1))
  const finish = async () => {
    const further = ['canary-code-1', 'canary-code-2'].map((code) => app.paste(code, { cookie }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    release(app.issue)
    return (await Promise.all([first, ...further])).map(({ status }) => status)
  }
  return { finish }
}

it('strangers make nobody forget tries, nor that a sign-in is over, nor that a code is being exchanged', async () => {
  const { app, cookie } = await startCopied()
  const refuseCode = () => json({ error: 'invalid_grant' }, { status: 400 })
  app.answers.token = refuseCode
  for (const code of ['a', 'b', 'c']) await app.paste(code, { cookie })
  await app.startManual()
  await app.paste('a')
  const { finish } = await startExchange(app)
  await flood(app)
  expect(await finish()).toEqual([204, 409, 409])
  app.answers.token = refuseCode
  expect(await app.refusal(await app.paste('b'))).toEqual([400, 'token_endpoint_error', 1])
  const { length } = app.exchanges()
  app.answers.token = app.issue
  expect(await app.refusal(await app.paste('d', { cookie }))).toEqual(NONE)
  expect(app.exchanges()).toHaveLength(length)
}, 120_000)
