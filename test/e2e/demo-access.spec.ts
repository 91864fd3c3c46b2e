import { demo, expect, expectSignedOut, forge, stay, test } from './demo.ts'
import { flaws } from './demo-fitness.ts'

for (const width of [360, 1440]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`at ${width} px, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 800 }, colorScheme })

      test('every state is fit for everybody', async ({ page }) => {
        const check = async (state: string) => expect.soft(await flaws(page), state).toEqual([])
        await page.goto('/')
        await expectSignedOut(page)
        await check('signed out')

        await stay(page)
        await demo(page).signIn.click()
        await expect(page.getByRole('button', { name: 'Going to GitLab…' })).toBeVisible()
        await check('on the way')

        await page.goto('/')
        await demo(page).signIn.click()
        await forge(page).ada.click()
        await forge(page).deny.click()
        await expect(demo(page).tryAgain).toBeVisible()
        await check('denied')

        let answer = () => {}
        const held = new Promise<void>((resolve) => {
          answer = resolve
        })
        await page.route('**/oauth/token', (route) => held.then(() => route.continue()), { times: 1 })
        await demo(page).tryAgain.click()
        await forge(page).authorize.click()
        await expect(page.getByText('Looking for your session')).toBeVisible()
        await check('not known yet')
        answer()
        await expect(demo(page).account).toContainText('Ada Okafor')
        await check('signed in')

        await demo(page).call.click()
        await expect(demo(page).result).toContainText('3 projects')
        await check('called')

        await demo(page).signOut.click()
        await expect(demo(page).farewell).toBeVisible()
        await check('signed out again')
      })
    })
  }
}

test('says in a live region what has changed, and what the page is in its title', async ({ page }) => {
  await page.goto('/')
  await expect(page).toHaveTitle('Signed out · forgepass demo')
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
  const status = page.getByRole('status')
  await demo(page).signIn.click()
  await forge(page).ada.click()
  await forge(page).authorize.click()
  await expect(status).toHaveText('Signed in.')
  await expect(page).toHaveTitle('Signed in · forgepass demo')
  await demo(page).call.click()
  await expect(status).toContainText('3 projects')
  await demo(page).signOut.click()
  await expect(status).toHaveText('Signed out. GitLab has confirmed it: the tokens are revoked.')
})

test('does not move for people who asked for that', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('/')
  await expect(demo(page).signIn).toBeVisible()
  await page.evaluate(() => document.querySelector('#sign-in')?.setAttribute('aria-disabled', 'true'))
  const moving = () => document.getAnimations().filter(({ playState }) => playState === 'running').length
  expect(await page.evaluate(moving)).toBe(0)
})
