import type { Page } from '@playwright/test'
import { LIFETIME } from './columns.ts'
import { expect, test } from './fixtures.ts'
import { ADA, signIn, signInWith } from './person.ts'
import type { Place } from './place.ts'
import { requestsTo } from './wire.ts'

// Rails takes it for a GET, which the emulated API answers as it answers all of them.
const note = '_method=get&name=fair+winds'

/** Writes to the API with the page's client; the body is given beside the address, or in a `Request`, where Firefox shows it to nobody. */
const write = (page: Page, { resource }: Place, given: 'apart' | 'in a Request') =>
  page.evaluate(
    async ({ resource, given, body }) => {
      const send = harbour.fetch as typeof fetch
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const init = { method: 'POST', headers, body }
      await (given === 'apart' ? send(resource, init) : send(new Request(resource, init)))
    },
    { resource, given, body: note },
  )

/** The writes that reached the API. */
const written = ({ browser, provider }: Place) =>
  requestsTo(browser, provider.api_base).filter(({ request }) => request.method === 'POST')

test('a body arrives whole when the token goes into the address', async ({ page, openAt }) => {
  const place = openAt('GitLab', { client: 'own', token_in: 'query' })
  await signIn(page, place)
  await write(page, place, 'in a Request')
  const [{ url, ...sent } = { url: new URL(place.url) }, ...more] = written(place)
  expect(more).toEqual([])
  expect(sent).toMatchObject({ body: note, response: { status: 200 } })
  expect(url.searchParams.getAll('access_token')).toHaveLength(1)
})

test('a body arrives whole beside a personal token in a header of its own', async ({ page, openAt }) => {
  const place = openAt('GitLab', { client: 'own', grant: 'personal token' })
  await page.goto(place.url)
  await signInWith(page, { Token: ADA.token })
  await write(page, place, 'in a Request')
  const sent = written(place)
  expect(sent).toMatchObject([{ body: note, response: { status: 200 } }])
  expect(sent[0]?.request.headers.get('private-token')).toBe(ADA.token)
})

for (const [where, token_in] of [
  ['the header', undefined],
  ['the address', 'query'],
] as const)
  test.describe(`a forge that refuses a token in ${where}`, () => {
    for (const [given, statuses] of [
      ['apart', [401, 200]],
      // Its body is spent, so the refusal is the page's to read.
      ['in a Request', [401]],
    ] as const)
      test(`gets a body that was given ${given} ${statuses.length === 2 ? 'once more' : 'once'}`, async ({
        page,
        openAt,
      }) => {
        const place = openAt('GitLab', { client: 'own', ...(token_in && { token_in }) })
        await signIn(page, place)
        // The forge's clock alone, so that the page learns of it by a refusal.
        place.clock.ahead = (LIFETIME + 60) * 1000
        await write(page, place, given)
        const sent = written(place).map(({ body, response }) => [body, response.status])
        expect(sent).toEqual(statuses.map((status) => [note, status]))
      })
  })
