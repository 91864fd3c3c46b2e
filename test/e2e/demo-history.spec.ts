import { demo, expect, expectSignedIn, expectSignedOut, forge, signIn, test, transactions } from './demo.ts'

test('shows the account when somebody goes back after signing in', async ({ page, wire }) => {
  await signIn(page)
  await page.evaluate(() => history.go(1 - history.length))
  await expectSignedIn(page)
  await page.evaluate(() => history.go(history.length - 1))
  await expectSignedIn(page)
  expect(wire.grants()).toEqual(['authorization_code'])
})

test('has a usable button when somebody comes back without having signed in', async ({ page }) => {
  await page.goto('/')
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }))
  })
  const { signIn: button, problem } = demo(page)
  await button.click()
  await expect(forge(page).ada).toBeVisible()
  await page.goBack()
  await expectSignedOut(page)
  expect(await page.evaluate(() => (window as { persisted?: boolean }).persisted)).toBe(true)
  await expect(problem).toBeHidden()
  await expect(button).not.toHaveAttribute('aria-disabled')
  await expect.poll(() => transactions(page)).toEqual({})

  await button.click()
  await forge(page).ada.click()
  await forge(page).authorize.click()
  await expectSignedIn(page)
})
