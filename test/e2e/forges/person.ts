import { type BrowserContext, expect, type Page } from '@playwright/test'
import { LIFETIME } from './columns.ts'
import type { Place } from './place.ts'

/** The person at the forge, as every forge begins with. */
export const ADA = { username: 'ada', password: 'ada-lantern', token: 'ada-personal-token' }

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

export const press = (page: Page, name: string) => button(page, name).click()
export const problem = (page: Page) => page.getByRole('alert')
export const answer = (page: Page) => page.locator('#answer')

export const expectSignedIn = (page: Page) =>
  expect(page.getByRole('status')).toHaveText('Signed in as Ada Okafor (ada)')
export const expectSignedOut = (page: Page) => expect(page.getByRole('status')).toHaveText('Signed out')

/** Signs in to the forge itself, and lets the application in. */
export async function agree(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ada Okafor' }).click()
  await press(page, 'Authorize')
}

/** Opens the page and signs in by redirect; ends on the page as it was, its address clean. */
export async function signIn(page: Page, { url }: Place): Promise<void> {
  await page.goto(url)
  await press(page, 'Sign in')
  await agree(page)
  await expectSignedIn(page)
  expect(page.url()).toBe(url)
}

/** The same in a popup, which is gone afterwards. */
export async function signInByPopup(page: Page, { url }: Place): Promise<void> {
  await page.goto(url)
  const [window] = await Promise.all([page.waitForEvent('popup'), press(page, 'Sign in')])
  const gone = window.waitForEvent('close')
  await agree(window)
  await gone
  await expectSignedIn(page)
  expect(page.context().pages()).toEqual([page])
  expect(page.url()).toBe(url)
}

/** Types into a field, and signs in without leaving the page. */
export async function signInWith(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value)
  await press(page, 'Sign in')
  await expectSignedIn(page)
}

/** Reads the API by the button of the page. */
export async function read(page: Page): Promise<void> {
  await press(page, 'Read')
  await expect(answer(page)).toContainText(/^200 [[{]/)
  await expect(problem(page)).toBeEmpty()
}

/** Lets the access token of the page, of its backend and of the forge run out. */
export async function passLifetime(page: Page, { clock }: Place): Promise<void> {
  clock.ahead += (LIFETIME + 1) * 1000
  await page.evaluate((ahead) => {
    globalThis.ahead = ahead
  }, clock.ahead)
}

/** All that this browser keeps: cookies, and every storage of every origin. */
export async function keptBy(context: BrowserContext): Promise<string> {
  const sessions = await Promise.all(
    context.pages().map((page) => page.evaluate(() => JSON.stringify({ ...sessionStorage }))),
  )
  return JSON.stringify([await context.storageState({ indexedDB: true }), ...sessions])
}
