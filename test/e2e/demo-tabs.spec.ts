import { keepInBackground } from './background.ts'
import {
  demo,
  expect,
  expectSignedIn,
  expectSignedOut,
  forge,
  goToConsent,
  interceptCallback,
  signIn,
  test,
} from './demo.ts'

test('tells the other tabs at once that somebody signed in or out', async ({ context, page }) => {
  const other = await context.newPage()
  await other.goto('/')
  await expect(demo(other).signIn).toBeVisible()
  await signIn(page)
  await expectSignedIn(other)

  await demo(page).signOut.click()
  await expectSignedOut(page)
  await expectSignedOut(other)
  await expect(demo(other).farewell).toContainText('ended in another tab')
})

test('takes back what it said of a failure once another tab has signed in', async ({ context, page }) => {
  await goToConsent(page)
  await forge(page).deny.click()
  await expect(demo(page).problem).toBeVisible()
  const other = await context.newPage()
  await other.goto('/')
  await demo(other).signIn.click()
  await forge(other).authorize.click()
  await expectSignedIn(other)
  await expectSignedIn(page)
})

for (const width of [360, 1280]) {
  test(`keeps its buttons in place when the token runs out or another tab refreshes it, at ${width} px`, async ({
    context,
    page,
  }) => {
    // A button that moves between press and release swallows the click.
    await page.setViewportSize({ width, height: 800 })
    await context.clock.install()
    await keepInBackground(context)
    await signIn(page)
    const place = async () => (await demo(page).call.boundingBox())?.y
    const before = await place()
    await context.clock.fastForward(61_000)
    await expect(page.locator('#expiry')).toHaveText('Used up, to be refreshed')
    expect(await place()).toBe(before)
  })
}

test('refreshes once for two tabs whose token is used up', async ({ context, page, wire }) => {
  await context.clock.install()
  await keepInBackground(context)
  await signIn(page)
  const other = await context.newPage()
  await other.goto('/')
  await expectSignedIn(other)
  await context.clock.fastForward(61_000)
  await Promise.all([demo(page).call.click(), demo(other).call.click()])
  for (const tab of [page, other]) await expect(demo(tab).result).toContainText('3 projects')
  expect(wire.grants()).toEqual(['authorization_code', 'refresh_token'])
})

test('finishes in another tab what was started in this one', async ({ context, page, wire }) => {
  const callback = await interceptCallback(page)
  const other = await context.newPage()
  await other.goto(callback)
  await expectSignedIn(other)
  expect(wire.grants()).toEqual(['authorization_code'])
})

test('asks for one token when the callback is opened twice', async ({ context, page, wire }) => {
  const callback = await interceptCallback(page)
  const [first, second] = [await context.newPage(), await context.newPage()]
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await context.route('**/oauth/token', (route) => held.then(() => route.continue()))
  await Promise.all([first.waitForRequest('**/oauth/token'), first.goto(callback)])
  // The second comes while the first is waiting for its token.
  await second.goto(callback)
  const waiting = () => second.evaluate(async () => (await navigator.locks.query()).pending?.length)
  await expect.poll(waiting).toBe(1)
  answer()
  await expectSignedIn(first)
  await expectSignedIn(second)
  // A duplicate of the tab, long after.
  const late = await context.newPage()
  await late.goto(callback)
  await expectSignedIn(late)
  expect(wire.grants()).toEqual(['authorization_code'])
})

test('refuses a used callback once the session is over, without a token request', async ({
  context,
  page,
  wire,
}) => {
  const callback = await interceptCallback(page)
  await page.goto(callback)
  await expectSignedIn(page)
  await demo(page).signOut.click()
  await expectSignedOut(page)
  const other = await context.newPage()
  await other.goto(callback)
  await expect(demo(other).problem).toContainText('state_replayed')
  expect(other.url()).not.toMatch(/code|state/)
  expect(wire.grants()).toEqual(['authorization_code'])
})
