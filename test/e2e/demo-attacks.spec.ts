import { createHash } from 'node:crypto'
import {
  demo,
  expect,
  expectSignedIn,
  expectSignedOut,
  firstOf,
  forge,
  formOf,
  goToConsent,
  interceptCallback,
  signIn,
  test,
  transactions,
  watchTokens,
} from './demo.ts'

/** The address with one parameter replaced, or taken out for `undefined`. */
function withParameter(address: string, name: string, value: string | undefined): string {
  const url = new URL(address)
  if (value === undefined) url.searchParams.delete(name)
  else url.searchParams.set(name, value)
  return url.href
}

for (const [what, state, code] of [
  ['a state that nobody sent', 'A'.repeat(43), 'state_mismatch'],
  ['no state', undefined, 'state_missing'],
  ['an empty state', '', 'state_missing'],
] as const) {
  test(`refuses a callback with ${what}, without a token request, and leaves the real one usable`, async ({
    page,
    wire,
  }) => {
    const callback = await interceptCallback(page)
    await page.goto(withParameter(callback, 'state', state))
    await expect(demo(page).problem).toContainText(code)
    expect(page.url()).not.toMatch(/code|state/)
    expect(wire.grants()).toEqual([])

    await page.goto(callback)
    await expectSignedIn(page)
  })
}

test('refuses an error that was not asked for, and does not show its words', async ({ page }) => {
  await page.goto(
    `/callback/gitlab?error=access_denied&error_description=Call+555-0100&state=${'A'.repeat(43)}`,
  )
  await expect(demo(page).problem).toContainText('state_mismatch')
  await expect(page.locator('body')).not.toContainText('555')
})

test('keeps the session of a person who opens a forged callback', async ({ page, wire }) => {
  await signIn(page)
  await page.goto('/callback/gitlab?code=forged&state=forged')
  await expect(demo(page).problem).toContainText('state_mismatch')
  await expect(demo(page).account).toContainText('Ada Okafor')
  expect(wire.grants()).toHaveLength(1)
})

test('binds the code to this browser by PKCE S256, with a fresh verifier each time', async ({
  page,
  wire,
}) => {
  await signIn(page)
  await demo(page).signOut.click()
  await demo(page).signIn.click()
  await forge(page).authorize.click()
  await expectSignedIn(page)
  const requests = wire.to('GET /oauth/authorize').map((request) => new URL(request.url()).searchParams)
  const asked = [...new Map(requests.map((parameters) => [parameters.get('state'), parameters])).values()]
  const verifiers = wire.to('POST /oauth/token').map((request) => formOf(request).get('code_verifier') ?? '')
  expect(new Set(verifiers).size).toBe(2)
  expect(asked.map((parameters) => parameters.get('code_challenge_method'))).toEqual(['S256', 'S256'])
  expect(asked.map((parameters) => parameters.get('code_challenge'))).toEqual(
    verifiers.map((verifier) => createHash('sha256').update(verifier).digest('base64url')),
  )
})

test('cannot be given the code of somebody else', async ({ page, browser, wire }) => {
  const callback = await interceptCallback(page)
  const attacker = await browser.newContext()
  const stolen = new URL(await interceptCallback(await attacker.newPage())).searchParams.get('code')
  await attacker.close()
  await page.goto(withParameter(callback, 'code', stolen ?? ''))
  await expect(demo(page).problem).toContainText('invalid_grant')
  await expectSignedOut(page)
  expect(wire.grants()).toEqual(['authorization_code'])
})

for (const [what, verifier] of [
  ['another', 'B'.repeat(43)],
  ['no', ''],
] as const) {
  test(`gets no token with ${what} verifier`, async ({ page }) => {
    const callback = await interceptCallback(page)
    await page.evaluate((code_verifier) => {
      const [name = ''] = Object.keys(localStorage).filter((key) => key.startsWith('forgepass.tx.'))
      const transaction = JSON.parse(localStorage.getItem(name) ?? '')
      localStorage.setItem(name, JSON.stringify({ ...transaction, code_verifier }))
    }, verifier)
    await page.goto(callback)
    await expect(demo(page).problem).toContainText('token_endpoint_error')
    await expectSignedOut(page)
    await page.reload()
    await expectSignedOut(page)
  })
}

test('has taken the code out of the address before anything waits', async ({ page }) => {
  let seen: string | undefined
  await page.route('**/oauth/token', async (route) => {
    seen = route.request().frame().url()
    await route.continue()
  })
  await goToConsent(page)
  const history = await page.evaluate(() => window.history.length)
  await forge(page).authorize.click()
  await expectSignedIn(page)
  expect(seen).toMatch(/\/callback\/gitlab$/)
  // Replaced, not left behind one step back.
  expect(await page.evaluate(() => window.history.length)).toBe(history + 1)
})

test('leaves no secret behind', async ({ page, context, wire }) => {
  const tokens = await watchTokens(page)
  await signIn(page)
  await demo(page).call.click()
  await expect(demo(page).result).toContainText('3 projects')
  const exchange = wire.to('POST /oauth/token')[0]
  const { access_token, refresh_token } = firstOf(tokens)
  const code = `${formOf(exchange).get('code')}`
  const verifier = `${formOf(exchange).get('code_verifier')}`
  const canaries = [access_token, refresh_token, code, verifier]
  expect(canaries.every((canary) => /^[\w.~-]{43,}$/.test(canary))).toBe(true)

  const session = await context.newCDPSession(page)
  const { entries } = await session.send('Page.getNavigationHistory')
  const places = await page.evaluate(() => ({
    localStorage: JSON.stringify({ ...localStorage }),
    sessionStorage: JSON.stringify({ ...sessionStorage }),
    cookie: document.cookie,
    state: JSON.stringify(history.state),
    document: document.documentElement.outerHTML,
    loaded: performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .join(' '),
    globals: Object.keys(window).join(' '),
  }))
  const headers = await Promise.all(wire.requests.map((request) => request.allHeaders()))
  const all = {
    ...places,
    history: JSON.stringify(entries),
    cookies: JSON.stringify(await context.cookies()),
    referers: headers.map(({ referer = '' }) => referer).join(' '),
    addresses: wire.requests
      .filter((request) => !request.isNavigationRequest())
      .map((request) => request.url())
      .join(' '),
  }
  const found = Object.entries(all).filter(([, text]) => canaries.some((canary) => text.includes(canary)))
  expect(found.map(([place]) => place)).toEqual([])
  expect(all.referers).not.toMatch(/:\d+\/callback/)
  const [transaction] = Object.values(await transactions(page))
  expect(transaction).toMatchObject({ spent: true, code_verifier: '' })
})
