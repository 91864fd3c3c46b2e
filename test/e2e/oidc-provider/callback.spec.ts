import {
  authorize,
  expect,
  expectProblem,
  expectSignedIn,
  expectWaiting,
  passLifetime,
  readApi,
  signIn,
  startSignIn,
  test,
} from './fixtures.ts'

const alterations = [
  [
    'from another server',
    'issuer_mismatch',
    (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
  ],
  [
    'with a slash too many',
    'issuer_mismatch',
    (url: URL) => url.searchParams.set('iss', `${url.searchParams.get('iss')}/`),
  ],
  ['without its iss', 'issuer_missing', (url: URL) => url.searchParams.delete('iss')],
  ['with another state', 'state_mismatch', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
  ['without its state', 'state_missing', (url: URL) => url.searchParams.delete('state')],
  ['with two codes', 'duplicate_parameter', (url: URL) => url.searchParams.append('code', 'mallory')],
] as const

for (const [what, code, alter] of alterations) {
  test(`refuses an answer ${what}, without a token request`, async ({ page, server, origin }) => {
    server.onReturn(alter)
    await startSignIn(page, origin)
    await authorize(page)
    await expectProblem(page, code)
    await expect(page.getByRole('status')).toHaveText('Signed out')
    await expect(page).toHaveURL(`${origin}/callback`)
    expect(server.tokenRequests()).toEqual([])
  })
}

test('does not take a denial for the server’s own when its iss is another', async ({
  page,
  server,
  origin,
}) => {
  server.onReturn((url) => url.searchParams.set('iss', 'https://evil.example'))
  await startSignIn(page, origin)
  await page.getByRole('button', { name: 'Deny' }).click()
  await expectProblem(page, 'issuer_mismatch')
  await expect(page.getByRole('alert')).not.toContainText('End-User aborted interaction')
})

test('sends no code twice when its address is opened again, and the grant lives on', async ({
  page,
  server,
  origin,
}) => {
  await signIn(page, origin)
  await page.goto(server.returns[0] ?? '')
  await expectProblem(page, 'state_replayed')
  await expect(page).toHaveURL(`${origin}/callback`)
  expect(server.tokenRequests()).toHaveLength(1)
  expect((await server.refresh(server.granted().refresh_token)).status).toBe(200)
})

test('takes nothing that another browser has begun', async ({ page, server, origin, browser }) => {
  await startSignIn(page, origin)
  const victim = await browser.newContext()
  const other = await victim.newPage()
  server.onReturn((url) => {
    server.returns.push(url.href)
    url.search = ''
  })
  await authorize(page)
  await expect(page.getByRole('status')).toHaveText('Signed out')
  await other.goto(server.returns[0] ?? '')
  await expectProblem(other, 'state_mismatch')
  expect(server.tokenRequests()).toEqual([])
  await victim.close()
})

test.describe('with the session kept in IndexedDB', () => {
  test.use({ storage: 'indexedDb' })

  test('a used address leads to the session it won, which still refreshes', async ({
    page,
    context,
    server,
    origin,
  }) => {
    await context.clock.install()
    await signIn(page, origin)
    await page.goto(server.returns[0] ?? '')
    await expectSignedIn(page)
    await page.reload()
    await expectSignedIn(page)
    await expect(page).toHaveURL(`${origin}/`)
    expect(server.tokenRequests()).toHaveLength(1)
    await passLifetime(context)
    expect(await readApi(page)).toEqual([200])
    expect(server.tokenRequests()).toHaveLength(2)
  })

  test('a tab that was duplicated during the exchange shares its session', async ({
    page,
    context,
    server,
    origin,
  }) => {
    const release = server.holdTokenAnswers()
    await startSignIn(page, origin)
    await authorize(page)
    await expect.poll(() => server.tokenRequests().length).toBe(1)
    const twin = await context.newPage()
    await twin.goto(server.returns[0] ?? '')
    await expectWaiting(twin)
    release()
    await expectSignedIn(page)
    await expectSignedIn(twin)
    expect(server.tokenRequests()).toHaveLength(1)
    expect(await readApi(twin)).toEqual([200])
  })

  test('a reload during the exchange sends nothing again, and the person can start over', async ({
    page,
    server,
    origin,
  }) => {
    const release = server.holdTokenAnswers()
    await startSignIn(page, origin)
    await authorize(page)
    await expect.poll(() => server.tokenRequests().length).toBe(1)
    // The code has left the address before it is sent anywhere.
    expect(await page.evaluate(() => location.href)).toBe(`${origin}/callback`)
    await page.reload()
    await expect(page.getByRole('status')).toHaveText('Signed out')
    expect(server.tokenRequests()).toHaveLength(1)
    release()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await authorize(page)
    await expectSignedIn(page)
    expect(server.tokenRequests()).toHaveLength(2)
  })
})
