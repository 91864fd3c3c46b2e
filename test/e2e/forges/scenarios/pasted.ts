import type { Page } from '@playwright/test'
import { expect, type Scenario } from '../fixtures.ts'
import { agree, expectSignedIn, press, problem, read } from '../person.ts'
import { type Place, SECRET } from '../place.ts'
import { parametersOf, requestsTo } from '../wire.ts'
import { expectKept } from './bff.ts'

/** Opens the link in a tab of its own, lets the application in there, and copies the code from the page. */
async function copyCode(page: Page): Promise<string> {
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: 'Get a code' }).click()
  const tab = await opened
  await agree(tab)
  const code = await tab.locator('#verifier').innerText()
  await tab.close()
  return code
}

async function use(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code').fill(code)
  await press(page, 'Use the code')
}

/** No step named an address to come back to, and only the backend sent the secret. */
function expectNoAddress({ browser, server, provider }: Place, codes: readonly string[]): void {
  const [asked] = requestsTo(browser, provider.authorization_endpoint).map(parametersOf)
  expect(asked).toMatchObject({ response_type: 'code', client_id: 'harbour' })
  expect(asked).not.toHaveProperty('redirect_uri')
  const client = { client_id: 'harbour', client_secret: SECRET }
  expect(requestsTo(server, provider.token_endpoint).map(parametersOf)).toEqual(
    codes.map((code) => ({ grant_type: 'authorization_code', code, ...client })),
  )
}

export const pasted: Scenario = async ({ page, context, open }) => {
  const place = open({ client: 'bff', flow: 'paste' })
  await page.goto(place.url)
  await press(page, 'Sign in')
  const code = await copyCode(page)
  await use(page, 'not-this-one')
  await expect(problem(page)).toContainText('token_endpoint_error')
  await use(page, code)
  await expectSignedIn(page)
  expect(page.url()).toBe(place.url)
  expectNoAddress(place, ['not-this-one', code])
  await read(page)
  await expectKept(context, place)
}
