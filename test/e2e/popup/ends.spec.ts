import {
  ada,
  authorize,
  events,
  expect,
  expectSignedIn,
  expectSignedOut,
  goToConsent,
  openPopup,
  press,
  problem,
  status,
  test,
  transactions,
} from './fixtures.ts'

test('a popup that the person closes ends nothing until they cancel; then nothing is left', async ({
  page,
  site,
  forge,
}) => {
  const window = await goToConsent(page, site.origin)
  expect(await transactions(page)).toHaveLength(1)
  const closed = Date.now()
  await window.close()
  await expect(events(page)).toHaveText('maybe_closed ')
  expect(Date.now() - closed).toBeGreaterThan(900)
  expect(Date.now() - closed).toBeLessThan(4000)
  expect(await transactions(page)).toHaveLength(1)
  await press(page, 'Cancel')
  await expect(problem(page)).toContainText('popup_closed')
  expect(await transactions(page)).toEqual([])
  expect(forge.grants()).toEqual([])
})

test('cancelling closes the popup, and a second try works', async ({ page, site }) => {
  const window = await goToConsent(page, site.origin)
  const gone = window.waitForEvent('close')
  await press(page, 'Cancel')
  await gone
  await expect(problem(page)).toContainText('popup_closed')
  expect(await transactions(page)).toEqual([])
  await page.evaluate(() => {
    patience = new AbortController()
  })
  const again = await openPopup(page)
  await authorize(again).click()
  await expectSignedIn(page)
})

test('a signal that has been aborted before opens no window', async ({ page, site, context }) => {
  await page.goto(site.origin)
  await press(page, 'Cancel')
  await press(page, 'Sign in')
  await expect(problem(page)).toContainText('popup_closed')
  expect(context.pages()).toHaveLength(1)
  await expect.poll(() => transactions(page)).toEqual([])
})

test('a blocked popup says so, leaves nothing behind, and takes the page nowhere', async ({ page, site }) => {
  await page.addInitScript(() => {
    globalThis.open = () => null
  })
  await page.goto(site.origin)
  await press(page, 'Sign in')
  await expect(problem(page)).toContainText('popup_blocked')
  expect(page.url()).toBe(`${site.origin}/`)
  // What was begun beside it has had its time.
  await page.waitForTimeout(100)
  expect(await transactions(page)).toEqual([])
})

test('opens the window before anything waits, while the click still counts', async ({ page, site }) => {
  await page.addInitScript(() => {
    const { open: real } = globalThis
    const digest = crypto.subtle.digest.bind(crypto.subtle)
    const calls: string[] = []
    Object.assign(globalThis, { calls })
    globalThis.open = (...args) => {
      calls.push(`opened, active: ${navigator.userActivation.isActive}`)
      return real(...args)
    }
    crypto.subtle.digest = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      calls.push('digested')
      return digest(...args)
    }
  })
  await page.goto(site.origin)
  const window = await openPopup(page)
  await expect(ada(window)).toBeVisible()
  const calls = await page.evaluate(() => (globalThis as unknown as { calls: string[] }).calls)
  expect(calls).toEqual(['opened, active: true', 'digested'])
})

test.describe('severed by the forge', () => {
  test.use({ coop: 'the forge' })

  test('a popup that has read closed for a minute still signs in', async ({ page, context, site }) => {
    await context.clock.install()
    const window = await goToConsent(page, site.origin)
    await expect(events(page)).toHaveText('maybe_closed ')
    await page.clock.fastForward(60_000)
    await authorize(window).click()
    await expectSignedIn(page)
    // Said once, however long it lasts.
    await expect(events(page)).toHaveText('maybe_closed ')
  })
})

test('ten minutes later the sign-in is over, and the popup with it', async ({
  page,
  context,
  site,
  forge,
}) => {
  await context.clock.install()
  const window = await goToConsent(page, site.origin)
  const gone = window.waitForEvent('close')
  await page.clock.fastForward(600_000)
  await expect(problem(page)).toContainText('transaction_expired')
  await gone
  expect(await transactions(page)).toEqual([])
  expect(forge.grants()).toEqual([])
})

test('a sandboxed frame, whose origin tells nobody apart, opens nothing', async ({ page, site, context }) => {
  // Else a frame like this one loads no module.
  site.headers['access-control-allow-origin'] = '*'
  await page.goto(site.origin)
  await page.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts allow-popups allow-popups-to-escape-sandbox')
    frame.src = '/framed'
    document.body.append(frame)
  })
  const frame = page.frameLocator('iframe')
  await frame.getByRole('button', { name: 'Sign in' }).click()
  await expect(frame.getByRole('alert')).toContainText('opaque_origin')
  expect(context.pages()).toHaveLength(1)
})

for (const what of ['reloaded', 'gone'] as const)
  test(`with its opener ${what}, the popup finishes the sign-in itself`, async ({ page, site, forge }) => {
    const window = await goToConsent(page, site.origin)
    if (what === 'gone') await page.close()
    else await page.reload()
    await authorize(window).click()
    await expectSignedIn(window)
    // The page that the sign-in started from, its query as it was written.
    await expect(window).toHaveURL(`${site.origin}/?kept=%20as+is#here`)
    expect(forge.grants()).toEqual(['authorization_code'])
    if (what === 'reloaded') await expectSignedOut(page)
  })

test.describe('with the session kept in IndexedDB', () => {
  test.use({ storage: 'indexedDb' })

  test('an opener that was reloaded hears of what the popup finished', async ({ page, site }) => {
    const window = await goToConsent(page, site.origin)
    await page.reload()
    await expectSignedOut(page)
    await authorize(window).click()
    await expectSignedIn(window)
    await expectSignedIn(page)
  })
})

test.describe('with nothing but the relay on the callback page', () => {
  test.use({ callback: 'relay' })

  test('says that nobody took it, with the code out of the address', async ({ page, site, forge }) => {
    const window = await goToConsent(page, site.origin)
    await page.close()
    await authorize(window).click()
    await expect(status(window)).toHaveText('Nobody took it')
    expect(window.url()).toBe(`${site.origin}/callback`)
    expect(forge.grants()).toEqual([])
  })
})
