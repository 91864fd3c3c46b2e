import { expect, type Page } from '@playwright/test'
import type { Row } from '../../forges/table.ts'
import { type Backend, credentials } from './backend.ts'
import { type Arguments, LIFETIME } from './fixtures.ts'
import { expectApiAnswer, expectProblem, signIn, signInByPopup, signOut } from './person.ts'

/** Everything that a script of the page can get hold of. */
const readable = (page: Page) =>
  page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      await client.session(),
    ]),
  )

/** The BFF went to the token endpoint once, with the secret, and with a verifier where the server has PKCE. */
function expectExchange(backend: Backend, { origin, profile }: Arguments): void {
  const [exchange, ...others] = backend.tokenRequests
  expect(others).toEqual([])
  expect(exchange?.params).toEqual({
    ...credentials,
    grant_type: 'authorization_code',
    redirect_uri: `${origin}/auth/callback/gitlab`,
    code: expect.stringMatching(/^[0-9a-f]{64}$/),
    ...(profile === 'current' && { code_verifier: expect.stringMatching(/^[\w.~-]{43,128}$/) }),
  })
}

/** Neither a token nor the secret came into the browser, which never spoke to the server's own endpoints. */
async function expectNothingShown(backend: Backend, { page, wire, doorkeeper }: Arguments): Promise<void> {
  const { access_token, refresh_token } = backend.last()
  const seen = `${await readable(page)} ${wire.addresses}`
  for (const secret of [access_token, refresh_token, credentials.client_secret])
    expect(seen).not.toContain(secret)
  const own = wire.addresses.filter((url) => url.startsWith(doorkeeper.address))
  expect(own.filter((url) => /\/(oauth\/token|api\/v4)/.test(url))).toEqual([])
}

async function signInWithCode(all: Arguments): Promise<void> {
  const { page, origin } = all
  const backend = all.useBackend()
  await signIn(page, origin)
  await expect(page).toHaveURL(`${origin}/`)
  await expectApiAnswer(page)
  expectExchange(backend, all)
  await expectNothingShown(backend, all)
}

async function signInInPopup(all: Arguments): Promise<void> {
  const { page, origin } = all
  const backend = all.useBackend({ flow: 'popup' })
  await signInByPopup(page, origin)
  await expect(page).toHaveURL(`${origin}/`)
  await expectApiAnswer(page)
  expectExchange(backend, all)
  await expectNothingShown(backend, all)
}

/** One refresh, however many calls find out that the token has run out; the old pair is dead. */
async function renew({ page, origin, useBackend, doorkeeper }: Arguments): Promise<void> {
  const backend = useBackend()
  await signIn(page, origin)
  const first = backend.last()
  await doorkeeper.later(LIFETIME + 1)
  backend.later(LIFETIME + 1)
  const statuses = await page.evaluate(() =>
    Promise.all(Array.from({ length: 10 }, async () => (await client.fetch('user')).status)),
  )
  expect(statuses).toEqual(Array(10).fill(200))
  expect(backend.tokenRequests.map(({ params }) => params).slice(1)).toEqual([
    { ...credentials, grant_type: 'refresh_token', refresh_token: first.refresh_token },
  ])
  const second = backend.last()
  expect(await doorkeeper.read(first.access_token)).toBe(401)
  expect(await doorkeeper.read(second.access_token)).toBe(200)
  expect((await doorkeeper.refresh(first.refresh_token, credentials)).error).toBe('invalid_grant')
}

/** The page holds the access token and calls the API with it; secret and refresh token stay on the server. */
async function giveToken({ page, origin, useBackend, wire, doorkeeper }: Arguments): Promise<void> {
  const backend = useBackend({ kind: 'mediated' }, { tokens: 'browser' })
  await signIn(page, origin)
  await expectApiAnswer(page)
  const first = backend.last()
  const [call] = wire.to('/api/v4/user').filter((request) => request.method() === 'GET')
  expect(call?.url()).toBe(`${doorkeeper.address}/api/v4/user`)
  expect(await call?.headerValue('authorization')).toBe(`Bearer ${first.access_token}`)
  // The API turns the token down before its time: the server gets another for the page, once.
  await doorkeeper.later(LIFETIME + 1)
  await expectApiAnswer(page)
  expect(backend.tokenRequests.map(({ params }) => params.grant_type)).toEqual([
    'authorization_code',
    'refresh_token',
  ])
  const second = backend.last()
  const answers = await Promise.all(backend.given)
  expect(answers).toEqual([
    expect.stringContaining(first.access_token),
    expect.stringContaining(second.access_token),
  ])
  const seen = `${answers} ${await readable(page)} ${wire.addresses}`
  for (const secret of [first.refresh_token, second.refresh_token, credentials.client_secret])
    expect(seen).not.toContain(secret)
}

/** Both tokens are dead at the server, and the page has no session any more. */
async function revoke({ page, origin, useBackend, doorkeeper }: Arguments): Promise<void> {
  const backend = useBackend()
  await signIn(page, origin)
  const { access_token, refresh_token } = backend.last()
  expect(await doorkeeper.read(access_token)).toBe(200)
  await signOut(page)
  expect(await doorkeeper.read(access_token)).toBe(401)
  expect((await doorkeeper.refresh(refresh_token, credentials)).error).toBe('invalid_grant')
  await page.getByRole('button', { name: 'Read the list' }).click()
  await expectProblem(page, 'session_required')
}

/** The cells in which the page's server is the application. */
export const bffCells = {
  'BFF: code': signInWithCode,
  'BFF: in a popup': signInInPopup,
  'BFF: renewal': renew,
  'BFF: token for the page': giveToken,
  'revoked at sign-out': revoke,
} as const satisfies Partial<Record<Row, unknown>>
