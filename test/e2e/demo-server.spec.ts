import type { Page } from '@playwright/test'
import { demo, expect, expectSignedIn, expectSignedOut, forge, test } from './demo.ts'
import { signInByPopup, signInByRedirect } from './demo-person.ts'

/** Everything that a script of the page can read of what the browser keeps. */
const readable = (page: Page) =>
  page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name)
    return { cookie: document.cookie, stored: { ...localStorage, ...sessionStorage }, databases }
  })

test('keeps secret and tokens from everything that a script can read', async ({ page, context }) => {
  const bodies: string[] = []
  page.on('response', async (response) => bodies.push(await response.text().catch(() => '')))
  await page.goto('/?tokens=server')
  await signInByRedirect(page)
  await expectSignedIn(page, '?tokens=server')
  await demo(page).call.click()
  await expect(demo(page).result).toContainText('3 projects. The server added the token')
  expect(await readable(page)).toEqual({ cookie: '', stored: {}, databases: [] })

  const cookies = (await context.cookies()).filter(({ name }) => name.startsWith('forgepass'))
  expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
    { httpOnly: true, sameSite: 'Strict' },
  ])
  expect(bodies.join()).toContain('Ada Okafor')
  for (const secret of ['public-demo-secret', 'access_token', 'refresh_token'])
    expect(bodies.join()).not.toContain(`"${secret}"`)
})

test('has the session in a second tab too, and ends it in both', async ({ page, context }) => {
  await page.goto('/?forge=gitea&tokens=server')
  await expectSignedOut(page)
  const other = await context.newPage()
  await other.goto('/?forge=gitea&tokens=server')
  await signInByRedirect(other)
  // The first tab was not told, and looks again when somebody looks at it.
  await page.bringToFront()
  await page.evaluate(() => dispatchEvent(new Event('visibilitychange')))
  await expectSignedIn(page, '?forge=gitea&tokens=server')
  const third = await context.newPage()
  await third.goto('/?forge=gitea&tokens=server')
  await expectSignedIn(third, '?forge=gitea&tokens=server')

  await demo(other).signOut.click()
  for (const tab of [page, third]) {
    await expectSignedOut(tab)
    await expect(demo(tab).farewell).toContainText('ended in another tab')
  }
})

test('tells the other tabs at once of a sign-in in a window', async ({ page, context }) => {
  const other = await context.newPage()
  await other.goto('/?forge=gitkraken&tokens=server')
  await expectSignedOut(other)
  await page.goto('/?forge=gitkraken&tokens=server&flow=popup')
  await signInByPopup(page)
  await expectSignedIn(other, '?forge=gitkraken&tokens=server')
})

for (const flow of ['', '&flow=popup']) {
  test(`shows that the person has denied, and lets them try again, at ?tokens=server${flow}`, async ({
    page,
  }) => {
    const choice = `?forge=gitkraken&tokens=server${flow}`
    await page.goto(`/${choice}`)
    const opened = flow ? page.waitForEvent('popup') : Promise.resolve(page)
    await demo(page).signIn.click()
    const there = forge(await opened)
    await there.ada.click()
    await there.deny.click()
    const { problem, tryAgain } = demo(page)
    await expect(problem).toContainText('The forge did not let you in')
    await expect(problem).toContainText('authorization_error')
    await expect(tryAgain).toBeVisible()
    expect(new URL(page.url()).search).toBe(choice)
    await page.reload()
    await expectSignedOut(page)
    await expect(problem).toBeHidden()
  })
}

test('says so when the server does not answer, and works once it does', async ({ page }) => {
  await page.route('**/auth/session', (route) => route.fulfill({ status: 502, body: 'down' }))
  await page.goto('/?tokens=server')
  await expectSignedOut(page)
  await expect(demo(page).problem).toContainText('No BFF answers at /auth.')
  await page.unroute('**/auth/session')
  await demo(page).tryAgain.click()
  await expect(forge(page).ada).toBeVisible()
})
