import { expect, expectSignedIn, readApi, signIn, test } from './fixtures.ts'

test.use({ client_id: 'short-lived' })

test('goes on when the server itself has let the token run out', async ({ page, server, origin }) => {
  await signIn(page, origin)
  const { access_token } = server.granted()
  expect(await server.read(access_token)).toBe(200)
  await expect.poll(() => server.read(access_token), { timeout: 15_000, intervals: [500] }).toBe(401)
  expect(await readApi(page)).toEqual([200])
  expect(server.tokenRequests()).toHaveLength(2)
  await expectSignedIn(page)
})
