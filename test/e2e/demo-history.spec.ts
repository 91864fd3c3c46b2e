import type { Page } from '@playwright/test'
import {
  demo,
  expect,
  expectSignedIn,
  expectSignedOut,
  forge,
  signIn,
  stay,
  test,
  transactions,
} from './demo.ts'

// People's browsers bring pages back as they were left; where this one cannot, it loads them again.
test.use({
  launchOptions: [
    async ({ launchOptions }, use) =>
      use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    { scope: 'worker' },
  ],
})

/** Goes through the tab's history and waits for another document, which may come back without being loaded. */
async function go(page: Page, steps: number): Promise<void> {
  await page.evaluate((by) => {
    Object.assign(window, { left: true })
    setTimeout(() => history.go(by))
  }, steps)
  await page.waitForFunction(() => !('left' in window))
}

/** The button is there again, nothing is held against the person, and signing in works. */
async function expectUsable(page: Page): Promise<void> {
  const { signIn: button, problem } = demo(page)
  await expect(button).not.toHaveAttribute('aria-disabled')
  await expectSignedOut(page)
  await expect(problem).toBeHidden()
}

test('shows the account when somebody goes back after signing in', async ({ page, wire }) => {
  await signIn(page)
  await go(page, -1)
  await expect(page).toHaveURL(/\/oauth\/authorize\?/)
  await go(page, 1)
  await expectSignedIn(page)
  // Before the question there was the forge's sign-in, and before that the demo.
  await go(page, -3)
  await expectSignedIn(page)
  expect(wire.grants()).toEqual(['authorization_code'])
})

test('lets somebody sign in who came back without having done so', async ({ page }) => {
  await page.goto('/')
  await demo(page).signIn.click()
  await expect(forge(page).ada).toBeVisible()
  await go(page, -1)
  await expectUsable(page)
  await demo(page).signIn.click()
  await forge(page).ada.click()
  await forge(page).authorize.click()
  await expectSignedIn(page)
})

test('forgets the sign-in when the page comes back as it was left', async ({ page }) => {
  await page.goto('/')
  await expect(demo(page).signIn).toBeVisible()
  await stay(page)
  await demo(page).signIn.click()
  await expect(page.getByRole('button', { name: 'Going to GitLab…' })).toBeVisible()
  await expect.poll(async () => Object.keys(await transactions(page))).toHaveLength(1)
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  await expectUsable(page)
  await expect(page.getByRole('status')).toHaveText('The sign-in was not finished.')
  await expect.poll(() => transactions(page)).toEqual({})
})
