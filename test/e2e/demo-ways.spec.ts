import type { Page } from '@playwright/test'
import { demo, expect, expectSignedIn, expectSignedOut, test } from './demo.ts'
import { choose, signInByPopup, signInByRedirect } from './demo-person.ts'

const forges = [
  { id: 'gitlab', forge: 'GitLab', listed: '3 projects', farewell: 'GitLab has confirmed it' },
  { id: 'gitea', forge: 'Gitea', listed: '3 repositories', farewell: 'no way for an app to revoke' },
  { id: 'gitkraken', forge: 'GitKraken', listed: '3 boards', farewell: 'no way for an app to revoke' },
] as const

const flows = [
  { flow: 'Redirect', perform: signInByRedirect },
  { flow: 'Popup', perform: signInByPopup },
] as const

const IN_BROWSER =
  'There is no secret; the tokens are in this browser’s IndexedDB, where this page’s scripts can use them.'
const ON_SERVER =
  'The secret stays on the server; the tokens are sealed in an HttpOnly cookie that no script can read.'

/** Reloads, calls the API and signs out, on a page where Ada is signed in. */
async function useAndLeave(
  page: Page,
  { choice, listed, farewell }: { choice: string; listed: string; farewell: string },
): Promise<void> {
  await expectSignedIn(page, choice)
  await page.reload()
  await expectSignedIn(page, choice)
  await demo(page).call.click()
  await expect(demo(page).result).toContainText(listed)
  await expect(demo(page).result.getByRole('listitem')).toHaveCount(3)
  await demo(page).signOut.click()
  await expect(demo(page).farewell).toContainText(farewell)
  await expectSignedOut(page)
  await page.reload()
  await expectSignedOut(page)
  expect(new URL(page.url()).search).toBe(choice)
}

for (const { id, forge, listed, farewell } of forges.slice(0, 2)) {
  for (const { flow, perform } of flows) {
    test(`signs in at ${forge} from the browser by ${flow}, and out`, async ({ page, wire }) => {
      await page.goto('/')
      await choose(page, forge, 'In this browser', flow)
      const choice = new URL(page.url()).search
      await expect(demo(page).whereabouts).toHaveText(IN_BROWSER)
      await expect(page.locator('.code')).toContainText(`demo/ways/${id}.ts`)
      await perform(page)
      await useAndLeave(page, { choice, listed, farewell })
      expect(wire.grants(id)).toEqual(['authorization_code'])
    })
  }
}

for (const { id, forge, listed, farewell } of forges) {
  for (const { flow, perform } of flows) {
    test(`signs in at ${forge} through the server by ${flow}, and out`, async ({ page, wire }) => {
      await page.goto('/')
      await choose(page, forge, 'On a server (BFF)', flow)
      const choice = new URL(page.url()).search
      await expect(demo(page).whereabouts).toHaveText(ON_SERVER)
      await expect(page.locator('.code')).toContainText('demo/ways/bff.ts')
      await expect(page.locator('.code')).toContainText('demo/server/options.ts')
      await perform(page)
      await useAndLeave(page, { choice, listed, farewell })
      // What gets tokens is the server; the browser only carries the person.
      expect(wire.grants(id)).toEqual([])
    })
  }
}

test('signs in at GitKraken from the browser with a personal token, and out', async ({ page, wire }) => {
  await page.goto('/')
  await choose(page, 'GitKraken')
  await expect(demo(page).choice('Popup')).toBeHidden()
  await expect(page.locator('#by-token')).toContainText('GitKraken signs in no app without a secret')
  await expect(demo(page).whereabouts).toHaveText(
    'There is no secret; your own token is in this browser’s IndexedDB, where this page’s scripts can use it.',
  )
  await expect(page.locator('.code')).toContainText('demo/ways/personal-token.ts')
  await page.getByRole('button', { name: 'Ada’s token' }).click()
  await demo(page).useToken.click()
  await useAndLeave(page, {
    ...{ choice: '?forge=gitkraken', listed: '3 boards' },
    farewell: 'good until you delete it in GitKraken’s settings',
  })
  await expect(demo(page).token).toHaveValue('')
  expect(wire.grants('gitkraken')).toEqual([])
})
