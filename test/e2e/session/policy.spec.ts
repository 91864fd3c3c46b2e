import { authorize, deny, press, problem } from '../popup/fixtures.ts'
import { expect, expectSignedIn, goToConsent, status, test } from './fixtures.ts'

for (const near of [true, false])
  for (const flow of ['redirect', 'popup'] as const)
    test.describe(`by ${flow} at a forge of ${near ? 'the page’s origin' : 'another site'}`, () => {
      test.use({ near, flow })

      test('breaks no rule of the strict policy: sign-in, refresh, errors, sign-out', async ({
        page,
        site,
        forge,
        heard,
      }) => {
        await page.goto(site.origin)
        await deny(await goToConsent(page, flow)).click()
        await expect(problem(page)).toContainText('authorization_error')
        await page.goto(site.origin)
        await authorize(await goToConsent(page, flow)).click()
        await expectSignedIn(page)

        await page.evaluate(() => {
          ahead = 3 * 3600_000
        })
        await press(page, 'Read')
        await expect(page.locator('#answer')).toHaveText('200')
        expect(forge.requests.filter(({ params }) => params.grant_type === 'refresh_token')).toHaveLength(1)

        await press(page, 'Fail')
        await expect(problem(page)).toContainText('resource_not_allowed')
        forge.fault('server-error')
        await page.evaluate(() => {
          ahead *= 2
        })
        await press(page, 'Read')
        await expect(problem(page)).toContainText('bad_status')
        forge.fault(undefined)
        await press(page, 'Sign out')
        await expect(page.locator('#answer')).toHaveText('revoked: true')
        await expect(status(page)).toHaveText('Signed out')

        const { headers } = await page
          .goto(site.origin)
          .then((response) => ({ headers: response?.headers() }))
        const words = "default-src 'self'; require-trusted-types-for 'script'"
        expect(headers?.['content-security-policy']).toContain(words)
        expect(heard.violation).toEqual([])

        // And it would have been heard, in each of the three ways.
        await page.evaluate(() => Object.assign(document.body, { innerHTML: '<b>' })).catch(() => {})
        await expect.poll(() => new Set(heard.violation.map((text) => text.split(' ')[0])).size).toBe(3)
      })
    })
