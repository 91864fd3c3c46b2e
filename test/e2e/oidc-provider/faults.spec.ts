import { authorize, expect, expectProblem, expectSignedIn, startSignIn, test } from './fixtures.ts'

test('says so when the server is gone before the exchange', async ({ page, server, origin }) => {
  server.onReturn(() => server.stop())
  await startSignIn(page, origin)
  await authorize(page)
  await expectProblem(page, new RegExp(`^network_error \\| .*${server.issuer}/token is up`))
  await expect(page.getByRole('status')).toHaveText('Signed out')
  expect(server.tokenRequests()).toEqual([])
  await server.restart()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await authorize(page)
  await expectSignedIn(page)
})

test.describe('for a client without CORS', () => {
  test.use({ client_id: 'without-cors' })

  test('says what to ask the admin for', async ({ page, server, origin }) => {
    await startSignIn(page, origin)
    await authorize(page)
    await expectProblem(page, new RegExp(`^cors_blocked \\| .*admin of ${server.issuer}/token to allow CORS`))
    await expect(page.getByRole('status')).toHaveText('Signed out')
    expect(server.tokenRequests()).toMatchObject([{ status: 400 }])
  })
})

test('shows the server’s refusal of a verifier that is not the right one', async ({
  page,
  context,
  server,
  origin,
}) => {
  await startSignIn(page, origin)
  const other = await context.newPage()
  await other.goto(origin)
  const changed = await other.evaluate(() => {
    const transactions = Object.entries(localStorage).filter(([, value]) => value.includes('code_verifier'))
    for (const [key, value] of transactions) {
      localStorage.setItem(key, value.replace(/("code_verifier":")[^"]+/, `$1${'A'.repeat(43)}`))
    }
    return transactions.length
  })
  expect(changed).toBe(1)
  await authorize(page)
  await expectProblem(page, 'token_endpoint_error | invalid_grant')
  await expect(page.getByRole('status')).toHaveText('Signed out')
  expect(server.tokenRequests()).toMatchObject([{ status: 400, params: { code_verifier: 'A'.repeat(43) } }])
  await page.getByRole('button', { name: 'Sign in' }).click()
  await authorize(page)
  await expectSignedIn(page)
})
