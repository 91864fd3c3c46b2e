import { approve } from '../popup/fixtures.ts'
import { expect, expectSignedIn, goToConsent, readStorage, test } from './fixtures.ts'

/** Everything that a page can find in itself. */
const findInPage = () => ({
  text: document.documentElement.outerHTML,
  stored: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  extension: typeof (globalThis as { chrome?: { storage?: unknown } }).chrome?.storage,
})

test('the tokens are in storage.session, and nowhere that is kept or that others can read', async ({
  popup,
  context,
  forge,
}) => {
  await approve(await goToConsent(popup))
  await expectSignedIn(popup)
  const { session, ...elsewhere } = await readStorage(popup)
  const record = Object.values(session).find((item) => Object(item).access_token) as Record<string, string>
  const tokens = [record.access_token, record.refresh_token] as [string, string]
  expect(tokens).toEqual([expect.stringMatching(/^\w{64}$/), expect.stringMatching(/^\w{64}$/)])
  expect(elsewhere).toEqual({ local: {}, page: [], databases: [] })
  expect(await context.cookies()).not.toContainEqual(expect.objectContaining({ value: tokens[0] }))

  const page = await context.newPage()
  // Another origin than the forge's, where the extension runs a script of its own.
  await page.goto(forge.base.replace('127.0.0.1', 'localhost'))
  await expect(page.locator('html[data-found]')).toBeAttached()
  const found = JSON.parse((await page.locator('html').getAttribute('data-found')) ?? '')
  expect(found.local).toEqual({})
  // Chrome keeps its scripts in other people's pages out of it, and the worker does not answer them.
  expect(found.session ?? 'not there').toMatch(/not there|not allowed/)
  expect(found.answers).toEqual([null, null, null])
  const seen = await page.evaluate(findInPage)
  expect(seen.extension).toBe('undefined')
  for (const shown of [JSON.stringify(seen), await popup.evaluate(findInPage).then(JSON.stringify)])
    for (const token of tokens) expect(shown).not.toContain(token)
})
