import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.ts'
import { type Built, buildPage } from './build.ts'
import { LIFETIME } from './configuration.ts'
import type { Settings } from './page/main.ts'
import { servePage } from './page-server.ts'

interface Fixtures {
  readonly client_id: string
  readonly storage: Settings['storage']
  readonly host: Awaited<ReturnType<typeof servePage>>
  /** Where the page is. */
  readonly origin: string
  readonly server: AuthorizationServer
}

/** A built page on one site, and a server of its own for each test on another. */
export const test = base.extend<Fixtures, { built: Built }>({
  client_id: ['reading-list', { option: true }],
  storage: ['memory', { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  built: [async ({}, use) => use(await buildPage()), { scope: 'worker' }],
  host: async ({ built }, use) => {
    const host = await servePage(built)
    await use(host)
    await host.close()
  },
  origin: async ({ host }, use) => use(host.origin),
  server: [
    async ({ host, client_id, storage, context }, use) => {
      const server = await startAuthorizationServer(host.origin)
      const { metadata, api_base } = server
      host.configure({ metadata, api_base, client_id, storage })
      const problems: string[] = []
      context.on('weberror', (error) => problems.push(`${error.error()}`))
      await use(server)
      await server.close()
      expect(problems, 'errors that no page caught').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Opens the page and presses the button; ends on the server's question. */
export async function startSignIn(page: Page, origin: string) {
  await page.goto(origin)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading')).toHaveText('Reading list wants to know who you are')
}

export const authorize = (page: Page) => page.getByRole('button', { name: 'Continue as Ada' }).click()

/** Signs in as a person does, until the page knows the name. */
export async function signIn(page: Page, origin: string) {
  await startSignIn(page, origin)
  await authorize(page)
  await expectSignedIn(page)
}

export const expectSignedIn = (page: Page) =>
  expect(page.getByRole('status')).toHaveText('Signed in as Ada Okafor (ada, ada@forge.example)')

/** What went wrong, in the words of the page. */
export const expectProblem = (page: Page, words: string | RegExp) =>
  expect(page.getByRole('alert')).toContainText(words)

/** Waits until somebody of the page's origin waits for a turn that another has. */
export const expectWaiting = (page: Page) =>
  expect
    .poll(() => page.evaluate(async () => (await navigator.locks.query()).pending?.length))
    .toBeGreaterThan(0)

/** Lets the page's clocks, which the test must have installed, pass the end of an access token. */
export const passLifetime = (context: BrowserContext) => context.clock.fastForward(LIFETIME * 1000)

/** Reads the API with the page's client, several times at once; gives the statuses. */
export const readApi = (page: Page, times = 1) =>
  page.evaluate(
    (count) =>
      Promise.all(Array.from({ length: count }, () => client.fetch('books').then(({ status }) => status))),
    times,
  )
