import {
  approve,
  type Coop,
  deny,
  expect,
  expectSignedIn,
  goToConsent,
  press,
  problem,
  severing,
  test,
  transactions,
} from './fixtures.ts'

const kinds = ['gitlab', 'gitea'] as const
const callbacks = ['client', 'relay'] as const
const policies: readonly Coop[] = ['nobody', 'the forge', 'the app', 'both']

// A page that only relays does not know whose answer it is: one forge shows it all.
for (const kind of kinds)
  for (const callback of callbacks)
    for (const coop of policies)
      if (kind === 'gitlab' || callback === 'client' || coop === 'both')
        test.describe(`${kind}, ${callback} on the callback page, severed by ${coop}`, () => {
          test.use({ kind, callback, coop })

          test('signs in, closes the popup, and exchanges one code', async ({ page, site, forge }) => {
            const window = await goToConsent(page, site.origin)
            // What is severed reads closed, while the person types.
            const severed = !!severing(coop, 'the app').coop || !!severing(coop, 'the forge').coop
            if (severed && callback === 'client')
              await expect(page.locator('#events')).toHaveText('maybe_closed ')
            await approve(window)
            await expectSignedIn(page)
            await expect(page.locator('#answer')).toHaveText('login() has resolved')
            await expect(problem(page)).toBeEmpty()
            expect(page.url()).toBe(`${site.origin}/`)
            expect(forge.grants()).toEqual(['authorization_code'])
            expect(await transactions(page)).toEqual([])
            await press(page, 'Read')
            await expect(page.locator('#answer')).toContainText('200')
          })
        })

for (const kind of kinds)
  test.describe(`a denial at ${kind}`, () => {
    test.use({ kind })

    test('reaches the opener in the forge’s own word, and nothing is exchanged', async ({
      page,
      site,
      forge,
    }) => {
      const window = await goToConsent(page, site.origin)
      const gone = window.waitForEvent('close')
      await deny(window).click()
      await gone
      await expect(problem(page)).toContainText('authorization_error | access_denied')
      expect(forge.grants()).toEqual([])
      expect(await transactions(page)).toEqual([])
    })
  })
