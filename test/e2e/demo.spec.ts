import { keepInBackground } from './background.ts'
import {
  demo,
  expect,
  expectSignedIn,
  expectSignedOut,
  firstOf,
  forge,
  formOf,
  goToConsent,
  signIn,
  stay,
  test,
  transactions,
  watchTokens,
} from './demo.ts'

test('signs in, survives a reload, calls the API, refreshes when it is due and signs out', async ({
  page,
  wire,
}) => {
  await page.clock.install()
  await keepInBackground(page)
  await signIn(page)
  expect(new URL(page.url()).pathname).toBe('/')
  expect(wire.grants()).toEqual(['authorization_code'])

  await page.reload()
  await expectSignedIn(page)
  const { call, refresh, signOut, result, heading, farewell } = demo(page)
  await call.click()
  await expect(result).toContainText('3 projects. No refresh was due')
  await expect(result).toContainText('Tide Tables')
  await refresh.click()
  await expect(result).toContainText('client.accessToken()')
  await expect(result).toContainText('No refresh was due')
  expect(wire.grants()).toEqual(['authorization_code'])

  await page.clock.fastForward(61_000)
  await expect(page.locator('#expiry')).toContainText('Used up')
  await call.click()
  await expect(result).toContainText('refreshed first')
  await expect(page.locator('#expiry')).toContainText('Good for')
  expect(wire.grants()).toEqual(['authorization_code', 'refresh_token'])

  await page.clock.fastForward(61_000)
  await expect(page.locator('#expiry')).toContainText('Used up')
  await refresh.click()
  await expect(result).toContainText('client.accessToken()')
  await expect(result).toContainText('refreshed first')
  expect(wire.grants()).toEqual(['authorization_code', 'refresh_token', 'refresh_token'])

  await signOut.click()
  await expect(farewell).toContainText('GitLab has confirmed it')
  await expect(heading).toBeFocused()
  expect(wire.to('POST /oauth/revoke').length).toBeGreaterThan(0)
  await page.reload()
  await expectSignedOut(page)
})

test('renews its tokens by itself while somebody looks at it', async ({ page, wire }) => {
  await page.clock.install()
  await signIn(page)
  for (const count of [2, 3]) {
    await page.clock.fastForward(55_000)
    await expect.poll(() => wire.grants().length).toBe(count)
    await expect(page.locator('#expiry')).toContainText('Good for')
  }
  await demo(page).call.click()
  await expect(demo(page).result).toContainText('No refresh was due')
})

test('makes the tokens worthless when it signs out', async ({ page }) => {
  const tokens = await watchTokens(page)
  await signIn(page)
  const { access_token, refresh_token } = firstOf(tokens)
  const whoAmI = () =>
    page.request.get('/forge/gitlab/api/v4/user', { headers: { authorization: `Bearer ${access_token}` } })
  expect((await whoAmI()).status()).toBe(200)
  await demo(page).signOut.click()
  await expect(demo(page).farewell).toBeVisible()
  expect((await whoAmI()).status()).toBe(401)
  const form = { grant_type: 'refresh_token', refresh_token, client_id: 'forgepass-demo' }
  expect((await page.request.post('/forge/gitlab/oauth/token', { form })).status()).toBe(400)
})

test('says so when the forge does not confirm the sign-out', async ({ page }) => {
  await signIn(page)
  await page.route('**/oauth/revoke', (route) => route.fulfill({ status: 403 }))
  await demo(page).signOut.click()
  await expect(demo(page).farewell).toContainText('did not confirm')
  await expectSignedOut(page)
})

test('shows what went wrong when the person denies, and lets them try again', async ({ page, wire }) => {
  await goToConsent(page)
  await forge(page).deny.click()
  const { problem, tryAgain } = demo(page)
  await expect(problem).toContainText('Access denied')
  await expect(problem).toContainText(
    'GitLab says: “The resource owner or authorization server denied the request.”',
  )
  await expect(problem).toContainText('authorization_error · access_denied')
  expect(page.url()).toMatch(/\/$/)
  expect(wire.grants()).toEqual([])

  await page.reload()
  await expectSignedOut(page)
  await expect(problem).toBeHidden()

  await demo(page).signIn.click()
  await forge(page).deny.click()
  await tryAgain.click()
  await forge(page).authorize.click()
  await expectSignedIn(page)
})

test('shows what went wrong when the token endpoint does not answer', async ({ page }) => {
  await goToConsent(page)
  await page.route('**/oauth/token', (route) => route.fulfill({ status: 503, body: 'down' }), { times: 1 })
  await forge(page).authorize.click()
  await expect(demo(page).problem).toContainText('bad_status')
  await demo(page).tryAgain.click()
  await forge(page).authorize.click()
  await expectSignedIn(page)
})

test('ends the session when the refresh token is dead, and says what to do', async ({ page }) => {
  await page.clock.install()
  await keepInBackground(page)
  const tokens = await watchTokens(page)
  await signIn(page)
  const { access_token: token } = firstOf(tokens)
  await page.request.post('/forge/gitlab/oauth/revoke', { form: { client_id: 'forgepass-demo', token } })
  await page.clock.fastForward(61_000)
  await demo(page).call.click()
  await expect(demo(page).problem).toContainText('login_required')
  await demo(page).tryAgain.click()
  await forge(page).authorize.click()
  await expectSignedIn(page)
})

test('signs in with the keyboard alone', async ({ page }) => {
  await page.goto('/')
  const { signIn: button, signOut, call, result, heading } = demo(page)
  const tabTo = async (target: typeof button) => {
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press('Tab')
      if (await target.evaluate((one) => one === document.activeElement)) return
    }
    throw new Error('Tab does not lead there.')
  }
  await expect(button).toBeVisible()
  await tabTo(button)
  await page.keyboard.press('Enter')
  await expect(forge(page).ada).toBeVisible()
  await tabTo(forge(page).ada)
  await page.keyboard.press('Enter')
  await expect(forge(page).authorize).toBeVisible()
  await tabTo(forge(page).authorize)
  await page.keyboard.press('Space')
  await expectSignedIn(page)

  await tabTo(call)
  await page.keyboard.press('Enter')
  await expect(result).toContainText('3 projects')
  await expect(call).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(signOut).toBeFocused()
  await page.keyboard.press('Enter')
  await expectSignedOut(page)
  await expect(heading).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(button).toBeFocused()
})

test('starts one sign-in for a double click', async ({ page }) => {
  await page.goto('/')
  await stay(page)
  await demo(page).signIn.dblclick()
  const busy = page.getByRole('button', { name: 'Going to GitLab…' })
  await expect(busy).toHaveAttribute('aria-disabled', 'true')
  await expect(busy).toBeFocused()
  await busy.press('Enter')
  await expect.poll(async () => Object.keys(await transactions(page))).toHaveLength(1)
})

test('is small, is served under a strict policy and has nothing inline', async ({ page }) => {
  const response = await page.goto('/')
  const headers = response?.headers() ?? {}
  expect(headers['content-security-policy']).toContain("default-src 'self'")
  expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
  expect(headers['referrer-policy']).toBe('no-referrer')
  await expect(demo(page).signIn).toBeVisible()
  const bytes = await page.evaluate(() =>
    performance
      .getEntries()
      .map((entry) => (entry instanceof PerformanceResourceTiming ? entry.decodedBodySize : 0))
      .reduce((sum, size) => sum + size, 0),
  )
  // As it is before any compression.
  expect(bytes).toBeLessThan(65_000)
  const inline = page.locator('script:not([src]), style, [style*="{"], [onclick], [onload]')
  await expect(inline).toHaveCount(0)
})

test('sends the redirect_uri byte for byte twice, and no secret', async ({ page, wire }) => {
  await signIn(page)
  const asked = new URL(wire.to('GET /oauth/authorize')[0]?.url() ?? '')
  const exchange = wire.to('POST /oauth/token')[0]
  expect(formOf(exchange).get('redirect_uri')).toBe(asked.searchParams.get('redirect_uri'))
  expect([...formOf(exchange).keys()].sort()).toEqual(
    ['client_id', 'code', 'code_verifier', 'grant_type', 'redirect_uri'].sort(),
  )
  expect((await exchange?.allHeaders())?.authorization).toBeUndefined()
})
