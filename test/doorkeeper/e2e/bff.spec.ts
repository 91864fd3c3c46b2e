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
} from './person.ts'

test('is not asked again for what it was granted before', async ({ page, origin, useBackend }) => {
  const backend = useBackend()
  await signIn(page, origin)
  // The session ends here alone: signing out would take the grant back.
  await page.context().clearCookies({ domain: 'localhost' })
  await page.reload()
  await expectSignedOut(page)
  await pressSignIn(page)
  await expectSignedIn(page)
  expect(backend.tokenRequests).toHaveLength(2)
})

test('refreshes when the API turns the token down before its time', async ({
  page,
  origin,
  doorkeeper,
  useBackend,
}) => {
  const backend = useBackend()
  await signIn(page, origin)
  await doorkeeper.later(LIFETIME + 1)
  await expectApiAnswer(page)
  expect(backend.tokenRequests).toHaveLength(2)
})

test('tells the person that they said no, and lets them try again', async ({ page, origin, useBackend }) => {
  const backend = useBackend()
  await goToQuestion(page, origin)
  await deny(page)
  await expectProblem(page, 'authorization_error')
  await expectSignedOut(page)
  await expect(page).toHaveURL(`${origin}/`)
  expect(backend.tokenRequests).toEqual([])
  await pressSignIn(page)
  await authorize(page)
  await expectSignedIn(page)
})
