import type { Page } from '@playwright/test'
import { approve, press, problem } from '../popup/fixtures.ts'
import {
  expect,
  expectSignedIn,
  expectSignedOut,
  goToConsent,
  readStorage,
  stopWorker,
  test,
} from './fixtures.ts'

const HOUR = 3_600_000

test('stopped before it: the message that asks for the sign-in starts the worker again', async ({
  popup,
  forge,
}) => {
  await stopWorker(popup)
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
  expect(forge.grants()).toEqual(['authorization_code'])
})

for (const [what, end] of [
  ['approves', approve],
  ['closes it', (window: Page) => window.close()],
] as const)
  test(`stopped while the window is open: nothing comes of it when the person ${what}, and the next sign-in works at once`, async ({
    popup,
    forge,
  }) => {
    const lost = await goToConsent(popup)
    await stopWorker(popup)
    await expect(problem(popup)).toContainText('worker_stopped')
    const { session, ...elsewhere } = await readStorage(popup)
    expect(Object.keys(session)).toEqual([expect.stringMatching(/^forgepass\.tx\./)])
    expect(elsewhere).toEqual({ local: {}, page: [], databases: [] })
    // Chrome opens no second window beside it, and whoever asks for one hears why.
    await press(popup, 'Sign in')
    await expect(problem(popup)).toContainText('login_in_progress')
    await end(lost)
    await popup.reload()
    await expectSignedOut(popup)
    expect(forge.grants()).toEqual([])
    await approve(await goToConsent(popup))
    await expectSignedIn(popup)
    expect(forge.grants()).toEqual(['authorization_code'])
  })

test('stopped while it redeems the code: no session, and a new sign-in works at once', async ({
  popup,
  forge,
}) => {
  let asked: () => void = () => {}
  const redeeming = new Promise<void>((resolve) => {
    asked = resolve
  })
  forge.answer(({ url }) => {
    if (new URL(url).pathname !== '/oauth/token') return
    asked()
    return new Promise<Response>(() => {})
  })
  await approve(await goToConsent(popup))
  await redeeming
  await stopWorker(popup)
  await expect(problem(popup)).toContainText('worker_stopped')
  await expectSignedOut(popup)
  expect(JSON.stringify(await readStorage(popup))).not.toContain('access_token')
  forge.answer(() => undefined)
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
})

test('stopped after it: the next message starts the worker, which goes on with the session', async ({
  popup,
  forge,
}) => {
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
  await stopWorker(popup)
  await press(popup, 'Read')
  await expect(popup.locator('#answer')).toContainText('"username":"ada"')
  await expectSignedIn(popup)
  expect(forge.grants()).toEqual(['authorization_code'])
})

test('stopped after it, and the access token has run out: the next worker refreshes, and the one after that goes on', async ({
  popup,
  forge,
}) => {
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
  await stopWorker(popup)
  // The forge alone knows how late it is, and says so with a 401.
  forge.clock.ahead = 3 * HOUR
  for (const _ of ['the next worker', 'the one after']) {
    await press(popup, 'Read')
    await expect(popup.locator('#answer')).toContainText('"username":"ada"')
    await expect(problem(popup)).toBeEmpty()
    await stopWorker(popup)
  }
  expect(forge.grants()).toEqual(['authorization_code', 'refresh_token'])
  await press(popup, 'Sign out')
  await expect(popup.locator('#answer')).toHaveText('logout: {"revoked":true}')
})
