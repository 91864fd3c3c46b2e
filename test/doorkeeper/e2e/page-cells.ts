import { expect, type Page } from '@playwright/test'
import type { Row } from '../../forges/table.ts'
import { type Arguments, LIFETIME } from './fixtures.ts'
import {
  ada,
  expectApiAnswer,
  expectSignedIn,
  expectSignedOut,
  pressSignIn,
  pressSignOut,
  signIn,
  signInByPassword,
  signInByPopup,
} from './person.ts'
import { formOf, shown } from './wire.ts'

const TOKEN = /^[0-9a-f]{64}$/

/** The token that the page holds. */
const accessToken = (page: Page) => page.evaluate(() => (client as import('forgepass').Client).accessToken())

/** A sign-in with the code goes to the token endpoint once, with a verifier and no secret. */
function expectExchange({ wire, origin }: Arguments): void {
  const [exchange, ...others] = wire.to('/oauth/token').map(formOf)
  expect(others).toEqual([])
  expect(exchange).toEqual({
    grant_type: 'authorization_code',
    client_id: 'spa',
    redirect_uri: `${origin}/callback`,
    code: expect.stringMatching(TOKEN),
    code_verifier: expect.stringMatching(/^[\w.~-]{43,128}$/),
  })
}

async function signInWithCode({ page, origin, usePage, wire, ...rest }: Arguments): Promise<void> {
  usePage()
  await signIn(page, origin)
  await expect(page).toHaveURL(`${origin}/`)
  expectExchange({ page, origin, usePage, wire, ...rest })
  expect(await wire.to('/oauth/token')[0]?.allHeaders()).toMatchObject({
    'sec-fetch-site': 'cross-site',
    origin,
  })
  await expectApiAnswer(page)
  expect(await page.evaluate(() => client.session())).toMatchObject({ scope: 'read_user' })
}

async function signInInPopup({ page, origin, usePage, wire, ...rest }: Arguments): Promise<void> {
  usePage({ flow: 'popup' })
  await signInByPopup(page, origin)
  await expect(page).toHaveURL(`${origin}/`)
  expectExchange({ page, origin, usePage, wire, ...rest })
  await expectApiAnswer(page)
}

/** The token comes in the address, and is asked after before it is used. */
async function signInByImplicit({ page, origin, usePage, wire, doorkeeper }: Arguments): Promise<void> {
  usePage({ kind: 'implicit' })
  await signIn(page, origin)
  await expect(page).toHaveURL(`${origin}/`)
  const [asked] = wire.to('/oauth/authorize')
  const { searchParams } = new URL(asked?.url() ?? '')
  expect(searchParams.get('response_type')).toBe('token')
  expect(searchParams.has('code_challenge')).toBe(false)
  expect(wire.to('/oauth/token')).toEqual([])
  expect(wire.to('/oauth/token/info').map((request) => request.method())).toContain('GET')
  await expectApiAnswer(page)
  const token = await accessToken(page)
  expect(token).toMatch(TOKEN)
  expect(
    await page.evaluate(() => JSON.stringify([location.href, history.state, { ...localStorage }])),
  ).not.toContain(token)
  expect(await doorkeeper.read(token)).toBe(200)
}

/** No application is named, and none has to be. */
async function signInWithPassword({ page, origin, usePage, wire }: Arguments): Promise<void> {
  usePage({ kind: 'password' })
  await page.goto(origin)
  await signInByPassword(page, ada)
  await expectSignedIn(page)
  const [request, ...others] = wire.to('/oauth/token')
  expect(others).toEqual([])
  expect(await request?.headerValue('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
  const { username, password } = ada
  expect(formOf(request)).toEqual({ grant_type: 'password', username, password, scope: 'read_user' })
  await expectApiAnswer(page)
  expect(wire.addresses.join(' ')).not.toContain(password)
}

/** What its owner made in the settings is used as GitLab documents it, and is still there after signing out. */
async function signInWithToken({ page, origin, usePage, wire, doorkeeper }: Arguments): Promise<void> {
  const token = await doorkeeper.mint({ username: 'ada', scope: 'read_user' })
  usePage({ kind: 'personal token' })
  await page.goto(origin)
  await page.getByLabel('Token').fill(` ${token}\n`)
  await pressSignIn(page)
  await expectSignedIn(page)
  await expectApiAnswer(page)
  const sent = wire.to('/api/v4/user').filter((request) => request.method() === 'GET')
  const headers = await Promise.all(sent.map((request) => request.allHeaders()))
  expect(headers.map((each) => [each['private-token'], each.authorization])).toEqual([
    [token, undefined],
    [token, undefined],
  ])
  await pressSignOut(page)
  await expectSignedOut(page)
  expect(await doorkeeper.read(token)).toBe(200)
}

/** One refresh, however many calls find out that the token has run out; the old pair is dead. */
async function renew({ page, context, origin, usePage, wire, doorkeeper }: Arguments): Promise<void> {
  usePage()
  await context.clock.install()
  await signIn(page, origin)
  const first = await doorkeeper.lastTokens()
  await doorkeeper.later(LIFETIME + 1)
  await context.clock.fastForward(LIFETIME * 1000)
  const statuses = await page.evaluate(() =>
    Promise.all(Array.from({ length: 10 }, async () => (await client.fetch('user')).status)),
  )
  expect(statuses).toEqual(Array(10).fill(200))
  expect(wire.to('/oauth/token').map(formOf).slice(1)).toEqual([
    { grant_type: 'refresh_token', client_id: 'spa', refresh_token: first.refresh_token },
  ])
  const second = await doorkeeper.lastTokens()
  expect(await doorkeeper.read(first.access_token)).toBe(401)
  expect(await doorkeeper.read(second.access_token)).toBe(200)
  const again = await doorkeeper.refresh(first.refresh_token, { client_id: 'spa' })
  expect(again.error).toBe('invalid_grant')
  // Reuse ends nothing but itself here.
  await expectApiAnswer(page)
}

/** Whatever the page reads is asked for with the token in the address, and in no header. */
async function showInAddress({ page, origin, profile, usePage, wire }: Arguments): Promise<void> {
  usePage({ kind: profile === 'current' ? 'code' : 'implicit', token_in: 'query' })
  await signIn(page, origin)
  await expectApiAnswer(page)
  const inAddress = { search: `?access_token=${await accessToken(page)}` }
  expect(await shown(wire)).toEqual([inAddress, inAddress])
}

/** The cells in which the page itself is the application. */
export const pageCells = {
  'page: code with PKCE': signInWithCode,
  'page: in a popup': signInInPopup,
  'page: implicit': signInByImplicit,
  'page: password': signInWithPassword,
  'page: personal token': signInWithToken,
  'page: renewal': renew,
  'token in the address': showInAddress,
} as const satisfies Partial<Record<Row, unknown>>
