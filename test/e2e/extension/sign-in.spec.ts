import { approve, deny, press, problem } from '../popup/fixtures.ts'
import {
  expect,
  expectSignedIn,
  expectSignedOut,
  goToConsent,
  origin,
  readStorage,
  redirect_uri,
  test,
} from './fixtures.ts'

test('signs in through the popup, reads the API, and goes on when the popup is opened again', async ({
  popup,
  forge,
}) => {
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
  await expect(problem(popup)).toBeEmpty()
  expect(forge.grants()).toEqual(['authorization_code'])
  await popup.reload()
  await expectSignedIn(popup)
  await press(popup, 'Read')
  await expect(popup.locator('#answer')).toContainText('"username":"ada"')
})

test('signs in also if the popup closes as the window opens, which popups do', async ({ popup, context }) => {
  const window = await goToConsent(popup)
  await popup.close()
  await approve(window)
  const again = await context.newPage()
  await expect(async () => {
    await again.goto(`${origin}/popup.html`)
    await expect(again.getByRole('status')).toHaveText('Signed in as Ada Okafor (ada)', { timeout: 1000 })
  }).toPass()
})

test('a denial arrives in the forge’s own word, and the next sign-in works at once', async ({
  popup,
  forge,
}) => {
  const window = await goToConsent(popup)
  const gone = window.waitForEvent('close')
  await deny(window).click()
  await gone
  await expect(problem(popup)).toContainText('authorization_error | access_denied')
  expect(forge.grants()).toEqual([])
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
})

test('a window that the person closes is user_cancelled, and leaves nothing behind', async ({
  popup,
  forge,
}) => {
  await (await goToConsent(popup)).close()
  await expect(problem(popup)).toContainText('user_cancelled')
  await expectSignedOut(popup)
  expect(await readStorage(popup)).toEqual({ session: {}, local: {}, page: [], databases: [] })
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
  expect(forge.grants()).toEqual(['authorization_code'])
})

test('a forge that is down is network_error', async ({ popup, forge }) => {
  forge.answer(() => new Response(null, { status: 503 }))
  await press(popup, 'Sign in')
  await expect(problem(popup)).toContainText('network_error')
  await expectSignedOut(popup)
})

test('another path of the extension’s own address is redirect_uri_mismatch', async ({ popup, forge }) => {
  forge.answer(({ url }) => {
    const { pathname, searchParams } = new URL(url)
    const query = new URLSearchParams({ code: 'stolen', state: searchParams.get('state') ?? '' })
    if (pathname === '/oauth/authorize')
      return new Response(null, { status: 302, headers: { location: `${redirect_uri}cb-evil?${query}` } })
  })
  await press(popup, 'Sign in')
  await expect(problem(popup)).toContainText('redirect_uri_mismatch')
  expect(forge.grants()).toEqual([])
  await expectSignedOut(popup)
})

test('signing out revokes both tokens and clears the storage', async ({ popup, forge }) => {
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
  await press(popup, 'Sign out')
  await expectSignedOut(popup)
  await expect(popup.locator('#answer')).toHaveText('logout: {"revoked":true}')
  const hints = forge.requests
    .filter(({ path }) => path === '/oauth/revoke')
    .map(({ params }) => params.token_type_hint)
  expect(hints).toEqual(['refresh_token', 'access_token'])
  expect(JSON.stringify(await readStorage(popup))).not.toContain('access_token')
  await press(popup, 'Read')
  await expect(problem(popup)).toContainText('signed_out')
})

test('signing in without a window is interaction_required where the person is needed', async ({
  popup,
  context,
}) => {
  const pages = context.pages().length
  await press(popup, 'Renew')
  await expect(problem(popup)).toContainText('interaction_required')
  await expectSignedOut(popup)
  expect(context.pages()).toHaveLength(pages)
})

test.describe('a forge that has asked the person before', () => {
  test.use({ trusted: true })

  test('signs in without a window, into the same session', async ({ popup, context, forge }) => {
    const page = await context.newPage()
    await page.goto(forge.base)
    await page.getByRole('button', { name: 'Ada Okafor' }).click()
    await page.close()
    const pages = context.pages().length
    await press(popup, 'Renew')
    await expectSignedIn(popup)
    expect(context.pages()).toHaveLength(pages)
    await press(popup, 'Read')
    await expect(popup.locator('#answer')).toContainText('"username":"ada"')
  })
})
