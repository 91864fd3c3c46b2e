import { expect, type Page } from '@playwright/test'

/** Who has an account. */
export const ada = {
  username: 'ada',
  password: 'ada-lantern',
  name: 'Ada Okafor',
  email: 'ada@forge.example',
}

/** Somebody with a second factor, whom a password alone does not let in. */
export const grace = {
  username: 'grace',
  password: 'grace-compass',
  name: 'Grace Moreau',
  email: 'grace@forge.example',
  two_factor: true,
} as const

const press = (page: Page, name: string) => page.getByRole('button', { name }).click()

export const authorize = (page: Page) => press(page, 'Authorize')
export const deny = (page: Page) => press(page, 'Deny')
export const pressSignIn = (page: Page) => press(page, 'Sign in')
export const pressSignOut = (page: Page) => press(page, 'Sign out')

/** Fills in the form of the server itself. */
async function enter(page: Page): Promise<void> {
  // The page of the application asks for a name and a password, too.
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.getByLabel('Username').fill(ada.username)
  await page.getByLabel('Password').fill(ada.password)
  await pressSignIn(page)
}

/** Opens the page, presses the button and signs in to the server; ends on its question. */
export async function goToQuestion(page: Page, origin: string): Promise<void> {
  await page.goto(origin)
  await pressSignIn(page)
  await enter(page)
}

/** Signs in as a person does, until the page knows the name. */
export async function signIn(page: Page, origin: string): Promise<void> {
  await goToQuestion(page, origin)
  await authorize(page)
  await expectSignedIn(page)
}

/** The same in a window of its own, which has closed by itself at the end. */
export async function signInByPopup(page: Page, origin: string): Promise<void> {
  await page.goto(origin)
  const opened = page.waitForEvent('popup')
  await pressSignIn(page)
  const popup = await opened
  await enter(popup)
  const closed = popup.waitForEvent('close')
  await authorize(popup)
  await closed
  await expectSignedIn(page)
}

/** Signs in with a password, in the page of the application itself. */
export async function signInByPassword(
  page: Page,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await pressSignIn(page)
}

export const expectSignedIn = (page: Page) =>
  expect(page.getByRole('status')).toHaveText('Signed in as Ada Okafor (ada, ada@forge.example)')

export const expectSignedOut = (page: Page) => expect(page.getByRole('status')).toHaveText('Signed out')

/** What went wrong, in the words of the page. */
export const expectProblem = (page: Page, words: string | RegExp) =>
  expect(page.getByRole('alert')).toContainText(words)

/** Presses the button that reads the API, and waits for what the page shows of it. */
export async function expectApiAnswer(page: Page): Promise<void> {
  await press(page, 'Read the list')
  await expect(page.locator('#answer')).toHaveText(/^200 .*"username":"ada"/)
}

/** Signs out, which the server has to confirm. */
export async function signOut(page: Page): Promise<void> {
  await pressSignOut(page)
  await expect(page.locator('#answer')).toHaveText('The server forgot you.')
  await expectSignedOut(page)
}
