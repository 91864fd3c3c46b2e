import type { Page } from '@playwright/test'
import { demo, forge } from './demo.ts'

/** Chooses as a person does, by the words on the page. */
export async function choose(page: Page, ...names: readonly string[]): Promise<void> {
  for (const name of names) await demo(page).choice(name).check()
}

/** Does at the forge what Ada does who wants to sign in; about an app that has a secret a forge asks her once only. */
export async function agree(page: Page, isBack: Promise<unknown>): Promise<void> {
  const { ada, authorize } = forge(page)
  await ada.click()
  const isAsked = authorize.waitFor().then(
    () => true,
    () => false,
  )
  if (await Promise.race([isAsked, isBack.then(() => false)])) await authorize.click()
  await isBack
}

/** Goes from the signed-out page to the forge and back, in this tab. */
export async function signInByRedirect(page: Page): Promise<void> {
  await demo(page).signIn.click()
  await agree(page, demo(page).account.waitFor())
}

/** Presses the button that opens a window, and signs in there. */
export async function signInByPopup(page: Page): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), demo(page).signIn.click()])
  await agree(popup, popup.waitForEvent('close'))
}
