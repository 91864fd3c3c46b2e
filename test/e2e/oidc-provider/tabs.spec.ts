import type { BrowserContext, Page } from '@playwright/test'
import type { AuthorizationServer } from './authorization-server.ts'
import { LONG_LIFETIME } from './configuration.ts'
import { expect, expectSignedIn, passLifetime, readApi, signIn, test } from './fixtures.ts'

test.use({ storage: 'indexedDb' })
test.beforeEach(({ context }) => context.clock.install())

/** Lets the clocks pass the moment from which on pages renew by themselves, while the token still lives. */
const passRenewal = (context: BrowserContext) => context.clock.fastForward((LONG_LIFETIME - 50) * 1000)

/** Waits for pages to have asked for tokens so often; they do so by themselves, which takes them a second or more. */
const expectRequests = ({ tokenRequests }: AuthorizationServer, count: number) =>
  expect.poll(() => tokenRequests().length, { timeout: 15_000 }).toBe(count)

/** Opens further tabs of somebody who has signed in. */
const openTabs = (context: BrowserContext, { origin, count }: { origin: string; count: number }) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const tab = await context.newPage()
      await tab.goto(origin)
      await expectSignedIn(tab)
      return tab
    }),
  )

/** How many refreshes are noted in the storage as sent and not answered. */
const attempts = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('forgepass')
        opening.onsuccess = () => {
          const keys = opening.result.transaction('sessions').objectStore('sessions').getAllKeys()
          keys.onsuccess = () => resolve(keys.result.filter((key) => `${key}`.endsWith(' refresh')).length)
        }
      }),
  )

/** Milliseconds that the token of a tab has to live, by that tab's clock. */
const timeLeft = (page: Page) => page.evaluate(() => Number(client.snapshot?.expires_at) - Date.now())

/** What a call for a token leads to. */
const askForToken = (page: Page) =>
  page.evaluate(() => {
    if (!('accessToken' in client)) throw new Error('This page is no client of its own.')
    return client.accessToken().then(
      () => 'a token',
      ({ code, reason }) => [code, reason].filter(Boolean).join(' '),
    )
  })

test('twenty tabs at one expiry make one token request', async ({ page, context, server, origin }) => {
  await signIn(page, origin)
  const tabs = [page, ...(await openTabs(context, { origin, count: 19 }))]
  await passLifetime(context)
  const statuses = await Promise.all(tabs.map((tab) => readApi(tab, 3)))
  expect(statuses.flat()).toEqual(Array(60).fill(200))
  expect(server.tokenRequests()).toHaveLength(2)
  await passLifetime(context)
  expect((await Promise.all(tabs.map((tab) => readApi(tab)))).flat()).toEqual(Array(20).fill(200))
  expect(server.tokenRequests()).toHaveLength(3)
  for (const tab of tabs) await expectSignedIn(tab)
})

test.describe('with tokens that live for ten minutes', () => {
  test.use({ client_id: 'long-lived' })

  test('they are renewed before their end, once for all tabs', async ({ page, context, server, origin }) => {
    await signIn(page, origin)
    const tabs = [page, ...(await openTabs(context, { origin, count: 3 }))]
    for (const count of [2, 3, 4]) {
      await passRenewal(context)
      await expectRequests(server, count)
      // Only then: a clock that jumps while an answer is on its way lets its time run out.
      for (const tab of tabs) await expect.poll(() => timeLeft(tab)).toBeGreaterThan(500_000)
    }
    for (const tab of tabs) expect(await readApi(tab)).toEqual([200])
    expect(server.tokenRequests()).toHaveLength(4)
  })

  test('a tab that dies before its refresh leaves, signs nobody out', async ({
    page,
    context,
    server,
    origin,
  }) => {
    await signIn(page, origin)
    // Whatever the page sends from now on has not left it when it dies.
    await page.evaluate(() => {
      globalThis.fetch = () => new Promise(() => {})
    })
    await passRenewal(context)
    const held = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
    await expect.poll(held).toBe(1)
    await expect.poll(() => attempts(page)).toBe(1)
    await page.close()
    expect(server.tokenRequests()).toHaveLength(1)
    const [other] = await openTabs(context, { origin, count: 1 })
    // Nobody can tell that it has not left: the token is used until its end, and then a repeat is risked.
    expect(await readApi(other as Page)).toEqual([200])
    expect(server.tokenRequests()).toHaveLength(1)
    await passRenewal(context)
    expect(await askForToken(other as Page)).toBe('a token')
    expect(server.tokenRequests()).toHaveLength(2)
    await expectSignedIn(other as Page)
  })

  test('a tab that dies after its refresh is stored signs nobody out', async ({
    page,
    context,
    server,
    origin,
  }) => {
    await signIn(page, origin)
    await passRenewal(context)
    await expectRequests(server, 2)
    await expect.poll(() => page.evaluate(async () => (await navigator.locks.query()).held?.length)).toBe(0)
    await page.close()
    const [other] = await openTabs(context, { origin, count: 1 })
    expect(await readApi(other as Page)).toEqual([200])
    expect(server.tokenRequests()).toHaveLength(2)
  })

  test('a tab that dies in between leaves the live token at work; then a sign-in is needed, and it is said why', async ({
    page,
    context,
    server,
    origin,
  }) => {
    await signIn(page, origin)
    const release = server.holdTokenAnswers()
    await passRenewal(context)
    await expectRequests(server, 2)
    await page.close()
    release()
    const [other] = await openTabs(context, { origin, count: 1 })
    expect(await readApi(other as Page, 5)).toEqual(Array(5).fill(200))
    expect(server.tokenRequests()).toHaveLength(2)
    await context.clock.fastForward(50_000)
    await expect((other as Page).getByRole('status')).toHaveText('Signed out')
    expect(server.tokenRequests()).toHaveLength(3)
    expect(await askForToken(other as Page)).toBe('login_required refresh_outcome_unknown')
    await signIn(other as Page, origin)
  })
})

test.describe('at a server that tolerates a repeat', () => {
  test.use({ client_id: 'tolerated' })

  test('a tab that dies while it renews signs nobody out', async ({ page, context, server, origin }) => {
    await signIn(page, origin)
    const release = server.holdTokenAnswers()
    await passRenewal(context)
    await expectRequests(server, 2)
    await page.close()
    release()
    const [other] = await openTabs(context, { origin, count: 1 })
    await expectRequests(server, 3)
    expect(await readApi(other as Page)).toEqual([200])
    await expectSignedIn(other as Page)
  })
})
