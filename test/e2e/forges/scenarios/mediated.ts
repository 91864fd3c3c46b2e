import { COLUMNS } from '../../../forges/table.ts'
import { expect, type Scenario } from '../fixtures.ts'
import { keptBy, read, signIn } from '../person.ts'
import { SECRET } from '../place.ts'
import { requestsTo, textOf, tokensOf } from '../wire.ts'
import { expectCookie, expectWire } from './bff.ts'

/** The token is in the memory of the page, and the API is read with it where the forge lets pages read. */
export const tokenForThePage: Scenario = async ({ page, context, column, open }) => {
  const shared = COLUMNS[column].cors?.api ?? 'never'
  const place = open({ client: 'mediated', cors: shared === 'configured' })
  const { browser, server, provider } = place
  await signIn(page, place)
  expectWire(place)
  await expectCookie(context, place)
  const [{ access_token, refresh_token } = { access_token: '' }] = tokensOf(server, provider)
  expect(await page.evaluate(() => harbour.accessToken?.())).toBe(access_token)
  if (shared !== 'never') {
    await read(page)
    const call = requestsTo(browser, provider.api_base).at(-1)
    expect(call?.url.href).toBe(place.resource)
    expect(call?.request.headers.get('authorization')).toBe(`Bearer ${access_token}`)
  }
  const kept = await keptBy(context)
  expect(kept).not.toContain(access_token)
  for (const secret of [SECRET, refresh_token].filter((value) => value !== undefined))
    expect(textOf(browser) + kept).not.toContain(secret)
}
