import { expect, LIFETIME, test } from './fixtures.ts'
import {
  authorize,
  deny,
  expectApiAnswer,
  expectProblem,
  expectSignedIn,
  expectSignedOut,
  goToQuestion,
  pressSignIn,
  signIn,
  signOut,
} from './person.ts'

test('refreshes once for many calls when the API turns the token down', async ({
  page,
  origin,
  doorkeeper,
  usePage,
  wire,
}) => {
  usePage()
  await signIn(page, origin)
  await doorkeeper.later(LIFETIME + 1)
  const statuses = await page.evaluate(() =>
    Promise.all(Array.from({ length: 10 }, async () => (await client.fetch('user')).status)),
  )
  expect(statuses).toEqual(Array(10).fill(200))
  expect(wire.to('/oauth/token')).toHaveLength(2)
})

test('signs out at the server too', async ({ page, origin, doorkeeper, usePage }) => {
  usePage()
  await signIn(page, origin)
  const { access_token, refresh_token } = await doorkeeper.lastTokens()
  expect(await doorkeeper.read(access_token)).toBe(200)
  await signOut(page)
  expect(await doorkeeper.read(access_token)).toBe(401)
  expect((await doorkeeper.refresh(refresh_token, { client_id: 'spa' })).error).toBe('invalid_grant')
})

test('tells the person that they said no, and lets them try again', async ({
  page,
  origin,
  usePage,
  wire,
}) => {
  usePage()
  await goToQuestion(page, origin)
  await deny(page)
  await expectProblem(page, 'authorization_error | access_denied')
  await expectSignedOut(page)
  await expect(page).toHaveURL(`${origin}/callback`)
  expect(wire.to('/oauth/token')).toEqual([])
  await pressSignIn(page)
  // The server still knows her, but always asks for a public client.
  await authorize(page)
  await expectSignedIn(page)
})

test('leaves the person on a page of the server for a scope that this does not have, from which they can come back', async ({
  page,
  origin,
  usePage,
  wire,
}) => {
  usePage({ scope: 'read_minds' })
  await goToQuestion(page, origin)
  await expect(page.getByText('The requested scope is invalid')).toBeVisible()
  await page.goto(origin)
  await expectSignedOut(page)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  expect(wire.to('/oauth/token')).toEqual([])
})

test('is still signed in after a reload with the session in IndexedDB, and refreshes in the new page', async ({
  page,
  origin,
  doorkeeper,
  usePage,
  wire,
}) => {
  usePage({ storage: 'indexedDb' })
  await signIn(page, origin)
  await page.reload()
  await expectSignedIn(page)
  await doorkeeper.later(LIFETIME + 1)
  await expectApiAnswer(page)
  expect(wire.to('/oauth/token')).toHaveLength(2)
})
