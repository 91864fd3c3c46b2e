import { demo, expect, expectSignedIn, expectSignedOut, test } from './demo.ts'
import { flaws } from './demo-fitness.ts'
import { signInByRedirect } from './demo-person.ts'

for (const width of [360, 1440]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`at ${width} px, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 800 }, colorScheme })

      test('every state of a personal token is fit for everybody', async ({ page }) => {
        const check = async (state: string) => expect.soft(await flaws(page), state).toEqual([])
        await page.goto('/?forge=gitkraken')
        await expectSignedOut(page)
        await check('signed out')

        await demo(page).token.fill('wrong-personal-token')
        await demo(page).useToken.click()
        await expect(demo(page).problem).toBeVisible()
        await check('refused')

        await page.getByRole('button', { name: 'Ada’s token' }).click()
        await demo(page).useToken.click()
        await expectSignedIn(page, '?forge=gitkraken')
        await demo(page).call.click()
        await expect(demo(page).result).toContainText('3 boards')
        await check('called')
      })

      test('every state of a window is fit for everybody', async ({ page }) => {
        const check = async (state: string) => expect.soft(await flaws(page), state).toEqual([])
        await page.goto('/?forge=gitea&flow=popup')
        const [popup] = await Promise.all([page.waitForEvent('popup'), demo(page).signIn.click()])
        await expect(demo(page).waiting).toBeVisible()
        await check('waiting')

        await popup.close()
        await expect(demo(page).waiting).toContainText('seems to be closed')
        await check('in doubt')

        await demo(page).cancel.click()
        await expect(demo(page).farewell).toBeVisible()
        await check('cancelled')
      })

      test('a session at the server is fit for everybody', async ({ page }) => {
        await page.goto('/?forge=gitea&tokens=server')
        await signInByRedirect(page)
        await demo(page).call.click()
        await expect(demo(page).result).toContainText('3 repositories')
        expect(await flaws(page)).toEqual([])
      })
    })
  }
}

test('shows what is chosen, and where the focus is, where the person’s own colours hold', async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto('/')
  await page.keyboard.press('Tab')
  const looks = await page.locator('#forge label').evaluateAll((labels) =>
    labels.map((label) => {
      const { backgroundColor, outlineStyle } = getComputedStyle(label)
      return `${backgroundColor} ${outlineStyle}`
    }),
  )
  expect(new Set(looks).size).toBe(2)
  expect(looks[0]).not.toBe(looks[1])
  expect(looks[0]).toContain('solid')
})
