import type { Page } from '@playwright/test'
import { demo, expect, expectSignedIn, expectSignedOut, forge, test, transactions } from './demo.ts'
import { agree, signInByPopup } from './demo-person.ts'

const open = async (page: Page) => {
  const [popup] = await Promise.all([page.waitForEvent('popup'), demo(page).signIn.click()])
  await expect(forge(popup).ada).toBeVisible()
  return popup
}

for (const choice of ['?flow=popup', '?tokens=server&flow=popup']) {
  test(`waits for the window until somebody cancels, at ${choice}`, async ({ page }) => {
    await page.goto(`/${choice}`)
    const popup = await open(page)
    const { waiting, cancel, signIn: button, choice: radio, farewell, problem } = demo(page)
    const busy = page.getByRole('button', { name: 'Waiting for the window…' })
    await expect(busy).toBeFocused()
    await expect(busy).toHaveAttribute('aria-disabled', 'true')
    await expect(waiting).toContainText('Go on in the window that has opened.')
    // Another way could not be signed in to meanwhile.
    await expect(radio('Gitea')).toBeDisabled()

    const closed = popup.waitForEvent('close')
    await cancel.click()
    await closed
    await expect(button).toBeFocused()
    await expect(waiting).toBeHidden()
    await expect(farewell).toHaveText('You have cancelled the sign-in.')
    await expect(problem).toBeHidden()
    await expectSignedOut(page)
    await expect(radio('Gitea')).toBeEnabled()
    expect(await transactions(page)).toEqual({})

    await signInByPopup(page)
    await expectSignedIn(page, choice)
    await expect(farewell).toBeHidden()
  })

  test(`says that the window may be closed, and goes on all the same, at ${choice}`, async ({ page }) => {
    await page.goto(`/${choice}`)
    const first = await open(page)
    const address = first.url()
    await first.close()
    const { waiting, cancel } = demo(page)
    await expect(waiting).toContainText('The window seems to be closed.')
    await expect(page.getByRole('status')).toContainText('cancel and start again')
    await expect(cancel).toBeVisible()
    // It was not closed, only out of sight: a tab of its own says the same as the window would have.
    const second = await page.context().newPage()
    await second.goto(address)
    await agree(second, demo(page).account.waitFor())
    await expectSignedIn(page, choice)
    await expect(waiting).toBeHidden()
    await second.close()
  })
}

test('shows what went wrong in the window, and lets the person try again', async ({ page }) => {
  await page.goto('/?forge=gitea&flow=popup')
  const popup = await open(page)
  await forge(popup).ada.click()
  await Promise.all([popup.waitForEvent('close'), forge(popup).deny.click()])
  await expect(demo(page).problem).toContainText('Access denied')
  await expect(demo(page).tryAgain).toBeVisible()
  await expect(demo(page).waiting).toBeHidden()
})

test('finishes in the window itself when nobody waits for it any more', async ({ page }) => {
  await page.goto('/?forge=gitea&flow=popup')
  const popup = await open(page)
  await page.goto('about:blank')
  await forge(popup).ada.click()
  await forge(popup).authorize.click()
  await expectSignedIn(popup, '?forge=gitea&flow=popup')
  await popup.close()
})
