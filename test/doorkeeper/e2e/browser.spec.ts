import type { BrowserContext, Request } from '@playwright/test'
import type { Tokens } from '../actor.ts'
import {
  authorize,
  test as base,
  deny,
  expect,
  expectApiAnswer,
  expectProblem,
  expectSignedIn,
  expectSignedOut,
  formOf,
  goToQuestion,
  LIFETIME,
  signIn,
} from './fixtures.ts'

interface Wire {
  /** The requests to one path of the server, such as `/oauth/token`. */
  to(path: string): readonly Request[]
  /** The tokens that the page got, the last ones last. */
  readonly granted: readonly Promise<Tokens>[]
}

function listen(context: BrowserContext): Wire {
  const requests: Request[] = []
  const granted: Promise<Tokens>[] = []
  context.on('request', (request) => requests.push(request))
  context.on('response', (response) => {
    if (response.ok() && response.url().endsWith('/oauth/token')) granted.push(response.json())
  })
  const to = (path: string) => requests.filter((request) => new URL(request.url()).pathname === path)
  return { granted, to }
}

/** A public client in the page itself. */
const test = base.extend<{ wire: Wire; storage: 'memory' | 'indexedDb'; scope: string }>({
  storage: ['memory', { option: true }],
  scope: ['read_user', { option: true }],
  wire: [
    async ({ context, host, doorkeeper, storage, scope }, use) => {
      const server = { gitlab: doorkeeper.address }
      const settings = { server, client_id: 'spa', scope, storage, resource: 'user' }
      host.configure({ settings, connect: doorkeeper.address })
      await use(listen(context))
    },
    { auto: true },
  ],
})

const last = async ({ granted }: Wire): Promise<Tokens> => {
  const tokens = await granted.at(-1)
  if (!tokens) throw new Error('The page got no token.')
  return tokens
}

test('signs in with PKCE and no secret, across sites, and calls the API', async ({ page, origin, wire }) => {
  await signIn(page, origin)
  await expect(page).toHaveURL(`${origin}/`)
  const [exchange, ...others] = wire.to('/oauth/token')
  expect(others).toEqual([])
  const { code, code_verifier, ...rest } = formOf(exchange)
  expect(rest).toEqual({
    grant_type: 'authorization_code',
    client_id: 'spa',
    redirect_uri: `${origin}/callback`,
  })
  expect(code).toMatch(/^[0-9a-f]{64}$/)
  expect(code_verifier).toMatch(/^[\w.~-]{43,128}$/)
  expect(await exchange?.allHeaders()).toMatchObject({ 'sec-fetch-site': 'cross-site', origin })
  await expectApiAnswer(page)
  expect(await page.evaluate(() => client.session())).toMatchObject({ scope: 'read_user' })
})

test('refreshes with rotation when the token has run out', async ({
  page,
  context,
  origin,
  doorkeeper,
  wire,
}) => {
  await context.clock.install()
  await signIn(page, origin)
  const first = await last(wire)
  await doorkeeper.later(LIFETIME + 1)
  await context.clock.fastForward(LIFETIME * 1000)
  await expectApiAnswer(page)
  expect(wire.to('/oauth/token').map(formOf).slice(1)).toEqual([
    { grant_type: 'refresh_token', client_id: 'spa', refresh_token: first.refresh_token },
  ])
  const second = await last(wire)
  expect(await doorkeeper.read(first.access_token)).toBe(401)
  expect(await doorkeeper.read(second.access_token)).toBe(200)
  const again = await doorkeeper.refresh(first.refresh_token, { client_id: 'spa' })
  expect(again.error).toBe('invalid_grant')
  // Reuse ends nothing but itself here.
  await expectApiAnswer(page)
})

test('refreshes once for many calls when the API turns the token down', async ({
  page,
  origin,
  doorkeeper,
  wire,
}) => {
  await signIn(page, origin)
  await doorkeeper.later(LIFETIME + 1)
  const statuses = await page.evaluate(() =>
    Promise.all(Array.from({ length: 10 }, async () => (await client.fetch('user')).status)),
  )
  expect(statuses).toEqual(Array(10).fill(200))
  expect(wire.to('/oauth/token')).toHaveLength(2)
})

test('signs out at the server too', async ({ page, origin, doorkeeper, wire }) => {
  await signIn(page, origin)
  const { access_token, refresh_token } = await last(wire)
  expect(await doorkeeper.read(access_token)).toBe(200)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.locator('#answer')).toHaveText('The server forgot you.')
  await expectSignedOut(page)
  expect(await doorkeeper.read(access_token)).toBe(401)
  expect((await doorkeeper.refresh(refresh_token, { client_id: 'spa' })).error).toBe('invalid_grant')
})

test('tells the person that they said no, and lets them try again', async ({ page, origin, wire }) => {
  await goToQuestion(page, origin)
  await deny(page)
  await expectProblem(page, 'authorization_error | access_denied')
  await expectSignedOut(page)
  await expect(page).toHaveURL(`${origin}/callback`)
  expect(wire.to('/oauth/token')).toEqual([])
  await page.getByRole('button', { name: 'Sign in' }).click()
  // The server still knows her, but always asks for a public client.
  await authorize(page)
  await expectSignedIn(page)
})

test.describe('with a scope that the server does not have', () => {
  test.use({ scope: 'read_minds' })

  test('leaves the person on a page of the server, from which they can come back', async ({
    page,
    origin,
    wire,
  }) => {
    await goToQuestion(page, origin)
    await expect(page.getByText('The requested scope is invalid')).toBeVisible()
    await page.goto(origin)
    await expectSignedOut(page)
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
    expect(wire.to('/oauth/token')).toEqual([])
  })
})

test.describe('with the session kept in IndexedDB', () => {
  test.use({ storage: 'indexedDb' })

  test('is still signed in after a reload, and refreshes in the new page', async ({
    page,
    origin,
    doorkeeper,
    wire,
  }) => {
    await signIn(page, origin)
    await page.reload()
    await expectSignedIn(page)
    await doorkeeper.later(LIFETIME + 1)
    await expectApiAnswer(page)
    expect(wire.to('/oauth/token')).toHaveLength(2)
  })
})
