import { expect, test } from './fixtures.ts'
import { expectApiAnswer, expectSignedIn, pressSignIn, signIn } from './person.ts'
import { shown } from './wire.ts'

test.use({ profile: 'documented' })

test('goes in the address of what the page reads with the token of its server', async ({
  page,
  origin,
  useBackend,
  wire,
}) => {
  const backend = useBackend(
    { kind: 'mediated', token_in: 'query' },
    { tokens: 'browser', token_in: 'query' },
  )
  await signIn(page, origin)
  await expectApiAnswer(page)
  expect(await shown(wire)).toEqual([{ search: `?access_token=${backend.last().access_token}` }])
})

test('goes in the address of what the server reads for the page, which sees none of it', async ({
  page,
  origin,
  useBackend,
  wire,
}) => {
  const backend = useBackend({}, { token_in: 'query' })
  await signIn(page, origin)
  await expectApiAnswer(page)
  const { access_token } = backend.last()
  expect(backend.calls.length).toBeGreaterThanOrEqual(2)
  for (const { url, headers } of backend.calls) {
    expect(new URL(url).search).toBe(`?access_token=${access_token}`)
    expect(headers.has('authorization')).toBe(false)
  }
  expect(wire.addresses.join(' ')).not.toContain(access_token)
})

test('goes in the header of its own where somebody has made it by hand', async ({
  page,
  origin,
  usePage,
  wire,
  doorkeeper,
}) => {
  const personal = await doorkeeper.mint({ username: 'ada', scope: 'read_user' })
  usePage({ kind: 'personal token', token_in: 'query' })
  await page.goto(origin)
  await page.getByLabel('Token').fill(personal)
  await pressSignIn(page)
  await expectSignedIn(page)
  await expectApiAnswer(page)
  expect(await shown(wire)).toEqual([
    { search: '', personal },
    { search: '', personal },
  ])
})
