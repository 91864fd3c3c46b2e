import { ada, authorize, type Coop, deny, events, openPopup, press, problem } from '../popup/fixtures.ts'
import {
  cookieKinds,
  expect,
  expectSignedIn,
  expectSignedOut,
  goToConsent,
  signIn,
  signInByPopup,
  test,
} from './fixtures.ts'

const policies: readonly Coop[] = ['nobody', 'the forge', 'the app', 'both']
const flows = ['redirect', 'popup'] as const

for (const flow of flows)
  for (const coop of policies)
    test.describe(`by ${flow}, severed by ${coop}`, () => {
      test.use({ flow, coop })

      test('signs in at GitKraken, reads its API, stays signed in over a reload, and signs out', async ({
        page,
        context,
        site,
        backend,
      }) => {
        if (flow === 'popup') await signInByPopup(page, site.origin)
        else await signIn(page, site.origin)
        await expect(problem(page)).toBeEmpty()
        expect(page.url()).toBe(site.origin + (flow === 'popup' ? '/' : '/?kept=%20as+is#here'))
        expect(context.pages()).toHaveLength(1)
        expect(backend.forge.grants()).toEqual(['authorization_code'])
        expect(await cookieKinds(context)).toEqual(['session'])
        await press(page, 'Read')
        await expect(page.locator('#answer')).toContainText('200 [{')
        await page.reload()
        await expectSignedIn(page)
        await press(page, 'Sign out')
        await expect(page.locator('#answer')).toHaveText('revoked: false')
        await expectSignedOut(page)
        await page.reload()
        await expectSignedOut(page)
        expect(await cookieKinds(context)).toEqual([])
      })
    })

test('sets cookies that no script reads and no other site sends', async ({ page, context, site }) => {
  await goToConsent(page, site.origin)
  const [login] = (await context.cookies()).filter(({ name }) => name.includes('.login.'))
  expect(login).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' })
  await authorize(page).click()
  await expectSignedIn(page)
  const [session] = (await context.cookies()).filter(({ name }) => name.includes('.session.'))
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/', domain: 'localhost' })
  expect(await page.evaluate(() => document.cookie)).toBe('')
})

test('the page that a sign-in leads to comes without the session, and its own request has it', async ({
  page,
  site,
}) => {
  const sent: Record<string, boolean> = {}
  page.on('request', async (request) => {
    const { pathname } = new URL(request.url())
    if (!request.url().startsWith(site.origin)) return
    sent[pathname] = /\.session\./.test((await request.allHeaders()).cookie ?? '')
  })
  await signIn(page, site.origin)
  // Strict holds it back from what another site has led to.
  expect(sent).toMatchObject({ '/': false, '/auth/session': true })
})

test('signs the other tabs out without a reload', async ({ page, context, site }) => {
  await signIn(page, site.origin)
  const other = await context.newPage()
  await other.goto(site.origin)
  await expectSignedIn(other)
  await press(other, 'Sign out')
  await expectSignedOut(page)
  await press(page, 'Read')
  await expect(problem(page)).toContainText('session_required')
})

for (const flow of flows)
  test.describe(`a denial by ${flow}`, () => {
    test.use({ flow })

    test('is shown by the page, once, and leaves its own query as it was', async ({
      page,
      context,
      site,
      backend,
    }) => {
      await page.goto(site.origin)
      const window = flow === 'popup' ? await openPopup(page) : page
      if (flow === 'redirect') await press(page, 'Sign in')
      await ada(window).click()
      await deny(window).click()
      await expect(problem(page)).toContainText('authorization_error')
      expect(page.url()).toBe(site.origin + (flow === 'popup' ? '/' : '/?kept=%20as+is#here'))
      await expect.poll(() => context.pages().length).toBe(1)
      await page.reload()
      await expectSignedOut(page)
      await expect(problem(page)).toBeEmpty()
      expect(backend.forge.grants()).toEqual([])
      expect(await cookieKinds(context)).toEqual([])
    })
  })

test('survives the way back and forth through the history', async ({ page, site, backend }) => {
  await goToConsent(page, site.origin)
  await page.goBack()
  await page.goBack()
  await expectSignedOut(page)
  await press(page, 'Sign in')
  await authorize(page).click()
  await expectSignedIn(page)
  await page.goBack()
  await page.goForward()
  await expectSignedIn(page)
  await expect(problem(page)).toBeEmpty()
  expect(backend.forge.grants()).toEqual(['authorization_code'])
})

test.describe('by popup', () => {
  test.use({ flow: 'popup' })

  test('a popup that the person closes ends nothing until they cancel', async ({ page, site, backend }) => {
    await page.goto(site.origin)
    const window = await openPopup(page)
    await ada(window).click()
    await window.close()
    await expect(events(page)).toHaveText('maybe_closed ')
    await press(page, 'Cancel')
    await expect(problem(page)).toContainText('popup_closed')
    expect(backend.forge.grants()).toEqual([])
  })

  test('with its opener gone, the popup says that it is over, and the session is there', async ({
    page,
    context,
    site,
  }) => {
    await page.goto(site.origin)
    const window = await openPopup(page)
    await ada(window).click()
    await page.close()
    await authorize(window).click()
    await expect(window.getByRole('heading')).toHaveText('You can close this window')
    expect(window.url()).toBe(`${site.origin}/auth/relay`)
    await window.getByRole('link').click()
    await expectSignedIn(window)
    expect(await cookieKinds(context)).toEqual(['session'])
  })

  for (const [way, take] of [
    ['without BroadcastChannel', () => Reflect.deleteProperty(globalThis, 'BroadcastChannel')],
    ['without an opener', () => Object.defineProperty(globalThis, 'opener', { value: null })],
  ] as const)
    test(`comes back ${way}`, async ({ page, context, site }) => {
      await context.addInitScript(take)
      await signInByPopup(page, site.origin)
    })
})
