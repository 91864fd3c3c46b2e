import type { Page } from '@playwright/test'
import type { Session } from 'forgepass'
import {
  authorize,
  expect,
  expectProblem,
  expectSignedIn,
  passLifetime,
  readApi,
  signIn,
  startSignIn,
  test,
} from './fixtures.ts'

/** What the page may know of its session. */
const sessionOf = (page: Page): Promise<Session | null> => page.evaluate(() => client.session())

/** The addresses of the scripts that a page asks for. */
function watchScripts(page: Page): string[] {
  const scripts: string[] = []
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
  return scripts
}

test('shows who signed in by the claims of the ID token', async ({ page, server, origin }) => {
  const scripts = watchScripts(page)
  await startSignIn(page, origin)
  expect(scripts.filter((url) => url.includes('openid'))).toEqual([])
  await authorize(page)
  await expectSignedIn(page)
  const session = await sessionOf(page)
  expect(session?.claims).toMatchObject({ iss: server.issuer, sub: 'ada-1815', aud: 'reading-list' })
  expect(session?.account?.id).toBe('ada-1815')
  expect(scripts.filter((url) => url.includes('openid'))).toHaveLength(1)
  const nonce = server.seen.find(({ path }) => path === '/auth')?.params.nonce ?? ''
  expect(nonce).toMatch(/^[\w-]{43}$/)
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
  expect(kept).not.toContain(nonce)
})

test('stays the same person after refreshes with reuse detection', async ({
  page,
  context,
  server,
  origin,
}) => {
  await context.clock.install()
  await signIn(page, origin)
  const first = (await sessionOf(page))?.claims
  for (const round of [1, 2]) {
    await passLifetime(context)
    expect(await readApi(page)).toEqual([200])
    expect(server.tokenRequests()).toHaveLength(1 + round)
    expect(server.tokenRequests().at(-1)?.body).toHaveProperty('id_token')
    expect((await sessionOf(page))?.claims).toMatchObject({ iss: first?.iss, sub: first?.sub })
  }
})

test('refuses an ID token that answers another sign-in', async ({ page, server, origin }) => {
  await page.route(
    `${server.issuer}/auth?*`,
    (route) => {
      const url = new URL(route.request().url())
      url.searchParams.set('nonce', 'of another sign-in')
      return route.fulfill({ status: 302, headers: { location: url.href } })
    },
    { times: 1 },
  )
  await startSignIn(page, origin)
  await authorize(page)
  await expectProblem(page, 'id_token_invalid')
  await expect(page.getByRole('status')).toHaveText('Signed out')
  await expect.poll(() => server.seen.filter(({ path }) => path === '/token/revocation').length).toBe(2)
  expect(await server.read(server.granted().access_token)).toBe(401)
})

test('takes back what was granted when the part that judges it does not load', async ({
  page,
  server,
  origin,
}) => {
  await page.route('**/openid-*.js', (route) => route.abort())
  await startSignIn(page, origin)
  await authorize(page)
  await expectProblem(page, 'network_error | Reload the page.')
  await expect(page.getByRole('status')).toHaveText('Signed out')
  await expect.poll(() => server.seen.filter(({ path }) => path === '/token/revocation').length).toBe(2)
})

test.describe('with the session kept in IndexedDB', () => {
  test.use({ storage: 'indexedDb' })

  test('spends no refresh token when the part that judges the answer does not load', async ({
    page,
    context,
    server,
    origin,
  }) => {
    await context.clock.install()
    await signIn(page, origin)
    await page.route('**/openid-*.js', (route) => route.abort())
    await page.reload()
    await expectSignedIn(page)
    await passLifetime(context)
    await page.getByRole('button', { name: 'Read the list' }).click()
    await expectProblem(page, 'network_error')
    await expectSignedIn(page)
    expect(server.tokenRequests()).toHaveLength(1)
    await page.unroute('**/openid-*.js')
    await page.reload()
    await expectSignedIn(page)
    expect(await readApi(page)).toEqual([200])
  })
})

test.describe('without openid', () => {
  test.use({ scope: 'profile' })

  test('loads nothing that judges ID tokens', async ({ page, server, origin }) => {
    const scripts = watchScripts(page)
    await startSignIn(page, origin)
    await authorize(page)
    await expect(page.getByRole('status')).toHaveText('Signed in')
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter((url) => url.includes('openid'))).toEqual([])
    expect(await sessionOf(page)).not.toHaveProperty('claims')
    expect(server.seen.find(({ path }) => path === '/auth')?.params).not.toHaveProperty('nonce')
  })
})
