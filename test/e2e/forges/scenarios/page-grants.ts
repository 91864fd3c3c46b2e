import type { Page } from '@playwright/test'
import type { Provider } from '../../../../src/provider/index.ts'
import { expect, type Scenario } from '../fixtures.ts'
import { ADA, keptBy, read, signIn, signInWith } from '../person.ts'
import { parametersOf, requestsTo } from '../wire.ts'

/** Notes what a page is warned of. */
function warnings(page: Page): readonly string[] {
  const said: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'warning') said.push(message.text())
  })
  return said
}

export const implicit: Scenario = async ({ page, cell, open }) => {
  const place = open({ client: 'own', grant: 'implicit', cors: cell === 'with CORS' })
  const { browser, provider } = place
  const said = warnings(page)
  const shown: string[] = []
  page.on('framenavigated', (frame) => shown.push(frame.url()))
  await signIn(page, place)
  const [asked] = requestsTo(browser, provider.authorization_endpoint).map(parametersOf)
  expect(asked).toMatchObject({ response_type: 'token', client_id: 'harbour' })
  expect(asked).not.toHaveProperty('code_challenge')
  const access_token = shown.map((url) => /#.*\baccess_token=(\w+)/.exec(url)?.[1]).find(Boolean)
  expect(access_token).toMatch(/^\w{64}$/)
  const [audience] = requestsTo(browser, provider.token_info_endpoint)
  expect(audience?.request.headers.get('authorization')).toBe(`Bearer ${access_token}`)
  expect(JSON.parse(audience?.answer ?? '')).toMatchObject({ application: { uid: 'harbour' } })
  expect(await page.evaluate(() => location.href)).toBe(place.url)
  await read(page)
  expect(requestsTo(browser, provider.token_endpoint)).toEqual([])
  expect(said.join()).toContain('implicit() leaves tokens in addresses')
}

export const password: Scenario = async ({ page, context, cell, open }) => {
  const place = open({ client: 'own', grant: 'password', cors: cell === 'with CORS' })
  const { browser, provider } = place
  await page.goto(place.url)
  await signInWith(page, { 'User name': ADA.username, Password: ADA.password })
  const [sent, ...more] = requestsTo(browser, provider.token_endpoint)
  expect(more).toEqual([])
  expect(sent?.request.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
  const { scope: _, ...parameters } = Object.fromEntries(new URLSearchParams(sent?.body))
  const { username, password } = ADA
  expect(parameters).toEqual({ grant_type: 'password', username, password })
  await read(page)
  for (const { url } of browser) expect(url.href).not.toContain(password)
  expect(page.url()).toBe(place.url)
  expect(await keptBy(context)).not.toContain(password)
}

/** The headers that carry a personal access token, as the provider says. */
const headersFor = ({ personal_token_header: header }: Provider) => {
  if (header === 'PRIVATE-TOKEN') return { 'private-token': ADA.token, authorization: null }
  const scheme = header === 'Authorization: token' ? 'token' : 'Bearer'
  return { 'private-token': null, authorization: `${scheme} ${ADA.token}` }
}

export const personalToken: Scenario = async ({ page, context, cell, open }) => {
  const place = open({ client: 'own', grant: 'personal token', cors: cell === 'with CORS' })
  const { browser, provider } = place
  await page.goto(place.url)
  await signInWith(page, { Token: ADA.token })
  await read(page)
  const asked = browser.filter(({ request }) => request.method !== 'OPTIONS')
  expect(asked).toEqual(requestsTo(browser, provider.api_base))
  expect(asked.at(-1)?.url.href).toBe(place.resource)
  for (const { request } of asked)
    for (const [name, value] of Object.entries(headersFor(provider)))
      expect(request.headers.get(name), name).toBe(value)
  expect(await keptBy(context)).not.toContain(ADA.token)
}
