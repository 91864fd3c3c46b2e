import type { Page } from '@playwright/test'
import { findEngine } from '../../../scripts/engines.mjs'
import { expect, signIn, test } from './fixtures.ts'

// The headless shell has no such cache, and Playwright turns it off elsewhere.
const executablePath = (await findEngine('chromium')) ?? ''
test.use({
  launchOptions: {
    executablePath,
    args: ['--headless=new'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  },
})

/** What somebody sees who leaves the page for another and comes back by the browser's button. */
async function comeBack(page: Page, meanwhile: () => Promise<unknown> = async () => {}) {
  await page.evaluate(() => Object.assign(globalThis, { wasKept: true }))
  await page.goto('data:text/html,elsewhere')
  await meanwhile()
  // Playwright loses sight of a page that was kept alive; the browser itself does not.
  const browser = await page.context().newCDPSession(page)
  const { currentIndex, entries } = await browser.send('Page.getNavigationHistory')
  await browser.send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1]?.id ?? 0 })
  const evaluate = async (expression: string) =>
    (await browser.send('Runtime.evaluate', { expression })).result.value
  const status = () => evaluate(`document.querySelector('[role=status]')?.textContent`)
  await expect.poll(status).toMatch(/^Signed/)
  return { status, wasKept: (await evaluate('globalThis.wasKept')) === true }
}

for (const storage of ['memory', 'indexedDb'] as const) {
  test.describe(`with the session kept in ${storage}`, () => {
    test.use({ storage })

    test('a page that was kept alive is still signed in', async ({ page, origin }) => {
      await signIn(page, origin)
      const { status, wasKept } = await comeBack(page)
      expect(wasKept).toBe(true)
      await expect.poll(status).toMatch(/^Signed in/)
    })

    test('no page comes back signed in after another tab signed out', async ({ page, context, origin }) => {
      await signIn(page, origin)
      const other = await context.newPage()
      await signIn(other, origin)
      const { status } = await comeBack(page, async () => {
        await other.getByRole('button', { name: 'Sign out' }).click()
        await expect(other.locator('#answer')).toHaveText('The server forgot you.')
      })
      await expect.poll(status).toBe('Signed out')
    })

    test('no page comes back signed in after it signed out itself', async ({ page, origin }) => {
      await signIn(page, origin)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await expect(page.locator('#answer')).toHaveText('The server forgot you.')
      const { status, wasKept } = await comeBack(page)
      expect(wasKept).toBe(true)
      await expect.poll(status).toBe('Signed out')
    })
  })
}
