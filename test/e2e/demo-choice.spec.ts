import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { demo, expect, expectSignedIn, expectSignedOut, signIn, test } from './demo.ts'
import { choose, signInByRedirect } from './demo-person.ts'

test('chooses with the arrow keys, keeps the focus and says where the person is now', async ({ page }) => {
  await page.goto('/')
  const { choice, signIn: button } = demo(page)
  await expect(button).toHaveText('Sign in with GitLab')
  await page.keyboard.press('Tab')
  await expect(choice('GitLab')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(choice('Gitea')).toBeFocused()
  await expect(choice('Gitea')).toBeChecked()
  await expect(button).toHaveText('Sign in with Gitea')
  await expect(page.getByRole('status')).toHaveText('Gitea: signed out.')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await expect(choice('On a server (BFF)')).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await expect(choice('Popup')).toBeFocused()
  await expect(page.getByRole('group', { name: 'How to get there' })).toBeVisible()
  expect(new URL(page.url()).search).toBe('?forge=gitea&tokens=server&flow=popup')
})

test('keeps the choice in the address, over a reload and the way to the forge', async ({ page }) => {
  await page.goto('/')
  const before = await page.evaluate(() => history.length)
  await choose(page, 'Gitea', 'On a server (BFF)')
  // One step back leads out of the demo, not through what was tried there.
  expect(await page.evaluate(() => history.length)).toBe(before)
  await page.reload()
  await expect(demo(page).choice('Gitea')).toBeChecked()
  await expect(demo(page).choice('On a server (BFF)')).toBeChecked()
  await signInByRedirect(page)
  await expectSignedIn(page, '?forge=gitea&tokens=server')
  await expect(demo(page).choice('Gitea')).toBeChecked()
})

test('takes an address that names nothing it knows for the default', async ({ page }) => {
  await page.goto('/?forge=toString&tokens=&flow=paste')
  for (const name of ['GitLab', 'In this browser', 'Redirect']) {
    await expect(demo(page).choice(name)).toBeChecked()
  }
})

test('keeps the sessions of the ways apart', async ({ page }) => {
  await signIn(page)
  await choose(page, 'Gitea')
  await expectSignedOut(page)
  await signInByRedirect(page)
  await expectSignedIn(page, '?forge=gitea')
  await demo(page).call.click()
  await expect(demo(page).result).toContainText('ada/lantern')

  await choose(page, 'GitLab')
  await expectSignedIn(page)
  await expect(demo(page).result).toBeHidden()
  await choose(page, 'On a server (BFF)')
  await expectSignedOut(page)
  await choose(page, 'Gitea', 'In this browser')
  await demo(page).signOut.click()
  await expectSignedOut(page)
  await choose(page, 'GitLab')
  await expectSignedIn(page)
  // By redirect or by popup, the session is the same.
  await choose(page, 'Popup')
  await expectSignedIn(page, '?flow=popup')
})

test('shows the files as they run, and has no secret in anything that it ships', async ({ page }) => {
  const source = (path: string) =>
    readFileSync(fileURLToPath(new URL(`../../demo/${path}`, import.meta.url)), 'utf8').trim()
  for (const [address, ...paths] of [
    ['/', 'ways/gitlab.ts'],
    ['/?forge=gitea', 'ways/gitea.ts'],
    ['/?forge=gitkraken', 'ways/personal-token.ts'],
    ['/?tokens=server', 'ways/bff.ts', 'server/options.ts'],
  ] as const) {
    await page.goto(address)
    const shown = page.locator('pre')
    await expect(shown).toHaveCount(paths.length)
    expect((await shown.allTextContents()).map((text) => text.trim())).toEqual(paths.map(source))
  }
  const built = fileURLToPath(new URL('../../.cache/e2e-demo/assets', import.meta.url))
  const text = readdirSync(built).map((name) => readFileSync(`${built}/${name}`, 'utf8'))
  expect(text.join()).toContain('createBffClient')
  expect(text.join()).not.toContain('public-demo-secret')
})
