import { demo, expect, expectSignedIn, test } from './demo.ts'
import { flaws } from './demo-fitness.ts'
import { agree } from './demo-person.ts'

// No page opens a window in this browser.
test.use({
  launchOptions: [
    async ({ launchOptions }, use) => use({ ...launchOptions, args: ['--block-new-web-contents'] }),
    { scope: 'worker' },
  ],
})

for (const choice of ['?forge=gitea&flow=popup', '?forge=gitkraken&tokens=server&flow=popup']) {
  test(`offers to go by redirect where windows are blocked, at ${choice}`, async ({ page }) => {
    await page.goto(`/${choice}`)
    await demo(page).signIn.click()
    const { problem, waiting, choice: radio } = demo(page)
    await expect(problem).toContainText('The browser has blocked the window')
    await expect(problem).toContainText('popup_blocked')
    await expect(waiting).toBeHidden()
    await page.setViewportSize({ width: 360, height: 800 })
    expect(await flaws(page)).toEqual([])
    await problem.getByRole('button', { name: 'Sign in by redirect instead' }).click()
    await agree(page, demo(page).account.waitFor())
    await expectSignedIn(page, choice.replace('&flow=popup', ''))
    await expect(radio('Redirect')).toBeChecked()
  })
}
