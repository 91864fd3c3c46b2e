import { keepInBackground } from '../background.ts'
import {
  expect,
  expectProblem,
  expectSignedIn,
  expectWaiting,
  passLifetime,
  readApi,
  signIn,
  test,
} from './fixtures.ts'

test.beforeEach(async ({ context }) => {
  await context.clock.install()
  await keepInBackground(context)
})

test('refreshes with rotation when the token has run out', async ({ page, context, server, origin }) => {
  await signIn(page, origin)
  const first = server.granted()
  await passLifetime(context)
  await page.getByRole('button', { name: 'Read the list' }).click()
  await expect(page.locator('#answer')).toHaveText(/^200 /)

  const [, request, ...others] = server.tokenRequests()
  expect(others).toEqual([])
  expect(request?.params).toEqual({
    grant_type: 'refresh_token',
    refresh_token: first.refresh_token,
    client_id: 'reading-list',
  })
  const second = server.granted()
  expect(second.refresh_token).not.toBe(first.refresh_token)
  const used = server.seen.findLast(({ path, method }) => path === '/api/books' && method === 'GET')
  expect(used?.headers.authorization).toBe(`Bearer ${second.access_token}`)
  await expectSignedIn(page)

  expect(await server.refresh(first.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' })
})

test('refreshes when the API turns the token down before its time', async ({ page, server, origin }) => {
  await signIn(page, origin)
  await server.expire(server.granted().access_token)
  expect(await readApi(page)).toEqual([200])
  expect(server.tokenRequests()).toHaveLength(2)
})

test('sends one request for twenty calls at once, time after time', async ({
  page,
  context,
  server,
  origin,
}) => {
  await signIn(page, origin)
  for (const round of [1, 2, 3]) {
    await passLifetime(context)
    expect(await readApi(page, 20)).toEqual(Array(20).fill(200))
    expect(server.tokenRequests()).toHaveLength(1 + round)
  }
  await expectSignedIn(page)
})

test('ends the session when its refresh token was stolen and used', async ({
  page,
  context,
  server,
  origin,
}) => {
  await signIn(page, origin)
  expect((await server.refresh(server.granted().refresh_token)).status).toBe(200)
  await passLifetime(context)
  await page.getByRole('button', { name: 'Read the list' }).click()
  await expectProblem(page, 'login_required | invalid_grant')
  await expect(page.getByRole('status')).toHaveText('Signed out')
})

test('keeps the session through an outage', async ({ page, context, server, origin }) => {
  await signIn(page, origin)
  await passLifetime(context)
  server.stop()
  await page.getByRole('button', { name: 'Read the list' }).click()
  await expectProblem(page, 'network_error')
  await expectSignedIn(page)
  await server.restart()
  await page.getByRole('button', { name: 'Read the list' }).click()
  await expect(page.locator('#answer')).toHaveText(/^200 /)
  expect(server.tokenRequests()).toHaveLength(2)
})

test.describe('with the session kept in IndexedDB', () => {
  test.use({ storage: 'indexedDb' })

  test('sends one request for two tabs at once, and nobody is signed out', async ({
    page,
    context,
    server,
    origin,
  }) => {
    await signIn(page, origin)
    const other = await context.newPage()
    await other.goto(origin)
    await expectSignedIn(other)
    await passLifetime(context)

    const release = server.holdTokenAnswers()
    const first = readApi(page, 20)
    await expect.poll(() => server.tokenRequests().length).toBe(2)
    const second = readApi(other, 20)
    // The other tab has asked for its turn: it too found its token run out.
    await expectWaiting(other)
    release()
    expect(await first).toEqual(Array(20).fill(200))
    expect(await second).toEqual(Array(20).fill(200))
    expect(server.tokenRequests()).toHaveLength(2)

    await expectSignedIn(page)
    await expectSignedIn(other)
    await passLifetime(context)
    expect((await Promise.all([readApi(page, 20), readApi(other, 20)])).flat()).toEqual(Array(40).fill(200))
    expect(server.tokenRequests()).toHaveLength(3)
  })

  test('a tab that is closed during the refresh leaves a session that signs in again', async ({
    page,
    context,
    server,
    origin,
  }) => {
    await signIn(page, origin)
    const other = await context.newPage()
    await other.goto(origin)
    await expectSignedIn(other)
    await passLifetime(context)
    const release = server.holdTokenAnswers()
    const lost = readApi(page).catch(() => 'closed')
    await expect.poll(() => server.tokenRequests().length).toBe(2)
    await page.close()
    expect(await lost).toBe('closed')
    release()
    // The tab took the answer with it, and with it the only refresh token that was still good.
    await other.getByRole('button', { name: 'Read the list' }).click()
    await expectProblem(other, 'login_required')
    await signIn(other, origin)
  })

  for (const who of ['this tab', 'another tab']) {
    test(`signing out in ${who} during a refresh leaves no session behind, here or at the server`, async ({
      page,
      context,
      server,
      origin,
    }) => {
      await signIn(page, origin)
      const other = await context.newPage()
      await other.goto(origin)
      await expectSignedIn(other)
      await passLifetime(context)
      const release = server.holdTokenAnswers()
      const refused = page.evaluate(() => client.fetch('books').then(String, ({ code }) => code))
      await expect.poll(() => server.tokenRequests().length).toBe(2)
      const leaving = who === 'this tab' ? page : other
      await leaving.getByRole('button', { name: 'Sign out' }).click()
      await expect(leaving.locator('#answer')).toHaveText('The server forgot you.')
      release()
      expect(await refused).toBe('signed_out')
      for (const tab of [page, other]) {
        await expect(tab.getByRole('status')).toHaveText('Signed out')
        await tab.reload()
        await expect(tab.getByRole('status')).toHaveText('Signed out')
      }
      expect(await server.refresh(server.granted().refresh_token)).toMatchObject({ error: 'invalid_grant' })
    })
  }
})
