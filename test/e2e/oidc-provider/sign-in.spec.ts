import { createHash } from 'node:crypto'
import {
  authorize,
  expect,
  expectProblem,
  expectSignedIn,
  readApi,
  signIn,
  startSignIn,
  test,
} from './fixtures.ts'

test('signs in, shows the person and reads the API', async ({ page, server, origin }) => {
  await signIn(page, origin)
  await expect(page.locator('#picture')).toHaveAttribute('src', /^data:image/)
  await page.getByRole('button', { name: 'Read the list' }).click()
  await expect(page.locator('#answer')).toHaveText('200 {"owner":"ada-1815","path":"/api/books"}')
  const session = await page.evaluate(() => client.session())
  expect(session?.scope?.split(' ').sort()).toEqual(['email', 'offline_access', 'openid', 'profile'])
  expect(JSON.stringify(session)).not.toContain(server.granted().access_token)
  await expect(page).toHaveURL(`${origin}/`)
})

test('proves itself with PKCE and sends the code once, in a form, with no secret and no preflight', async ({
  page,
  server,
  origin,
}) => {
  await signIn(page, origin)
  const [request, ...others] = server.tokenRequests()
  expect(others).toEqual([])
  const { code = '', code_verifier = '', ...rest } = request?.params ?? {}
  expect(rest).toEqual({
    grant_type: 'authorization_code',
    client_id: 'reading-list',
    redirect_uri: `${origin}/callback`,
  })
  expect(new URL(server.returns[0] ?? '').searchParams.get('code')).toBe(code)

  const asked = server.seen.find(({ path }) => path === '/auth')?.params
  expect(asked).toMatchObject({ code_challenge_method: 'S256', response_type: 'code' })
  expect(asked?.code_challenge).toBe(createHash('sha256').update(code_verifier).digest('base64url'))
  expect(code_verifier).toMatch(/^[\w.~-]{43,128}$/)
  expect(asked?.state).toMatch(/^[\w-]{43,}$/)

  const headers = request?.headers ?? {}
  expect(headers).toMatchObject({
    origin,
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'cors',
  })
  const fromBrowser =
    /^(accept|accept-encoding|accept-language|cache-control|connection|content-length|content-type|host|origin|pragma|priority|referer|sec-.+|user-agent)$/
  expect(Object.keys(headers).filter((name) => !fromBrowser.test(name))).toEqual([])
  expect(headers.referer ?? '').not.toContain(code)
  expect(server.seen.filter(({ method, path }) => method === 'OPTIONS' && path === '/token')).toEqual([])
})

test('leaves nothing of a finished sign-in in the page that a stranger could use', async ({
  page,
  server,
  origin,
}) => {
  await signIn(page, origin)
  const { access_token, refresh_token } = server.granted()
  const { code = '', code_verifier = '' } = server.tokenRequests()[0]?.params ?? {}
  const left = await page.evaluate(async () => {
    const stores = await indexedDB.databases()
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      stores,
    ])
  })
  for (const secret of [access_token, refresh_token, code, code_verifier]) expect(left).not.toContain(secret)
})

test('tells the person that they said no', async ({ page, server, origin }) => {
  await startSignIn(page, origin)
  await page.getByRole('button', { name: 'Deny' }).click()
  await expectProblem(page, 'authorization_error | access_denied | End-User aborted interaction')
  await expect(page.getByRole('status')).toHaveText('Signed out')
  await expect(page).toHaveURL(`${origin}/callback`)
  expect(server.tokenRequests()).toEqual([])

  await page.getByRole('button', { name: 'Sign in' }).click()
  await authorize(page)
  await expectSignedIn(page)
})

test('signs out here and at the server', async ({ page, server, origin }) => {
  await signIn(page, origin)
  const { access_token, refresh_token } = server.granted()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.locator('#answer')).toHaveText('The server forgot you.')
  await expect(page.getByRole('status')).toHaveText('Signed out')

  const revocations = server.seen.filter(({ path }) => path === '/token/revocation')
  expect(revocations[0]).toMatchObject({
    method: 'POST',
    status: 200,
    params: { token: refresh_token, token_type_hint: 'refresh_token', client_id: 'reading-list' },
  })
  expect(revocations.filter(({ method }) => method === 'OPTIONS')).toEqual([])
  expect(await server.refresh(refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' })
  expect(await server.read(access_token)).toBe(401)

  await page.getByRole('button', { name: 'Read the list' }).click()
  await expectProblem(page, 'signed_out')
  await page.reload()
  await expect(page.getByRole('status')).toHaveText('Signed out')
})

test.describe('with the session kept in IndexedDB', () => {
  test.use({ storage: 'indexedDb' })

  test('is still signed in after a reload, and in a new tab', async ({ page, context, server, origin }) => {
    await signIn(page, origin)
    await page.reload()
    await expectSignedIn(page)
    expect(await readApi(page)).toEqual([200])
    const other = await context.newPage()
    await other.goto(origin)
    await expectSignedIn(other)
    expect(server.tokenRequests()).toHaveLength(1)
  })

  test('signs out every tab', async ({ page, context, origin }) => {
    await signIn(page, origin)
    const other = await context.newPage()
    await other.goto(origin)
    await expectSignedIn(other)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(other.getByRole('status')).toHaveText('Signed out')
    await other.getByRole('button', { name: 'Read the list' }).click()
    await expectProblem(other, 'signed_out')
  })
})
