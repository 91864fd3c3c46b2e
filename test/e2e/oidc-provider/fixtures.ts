import { type BrowserContext, expect, type Page } from '@playwright/test'
import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.ts'
import { LIFETIME } from './configuration.ts'
import { hosted } from './hosted.ts'
import type { ClientSettings } from './page/main.ts'

interface Fixtures {
  readonly client_id: string
  readonly scope: string
  readonly storage: ClientSettings['storage']
  readonly server: AuthorizationServer
}

// The server gives out a refresh token only to those who consent there and then (OpenID Connect Core section 11).
const parameters = { prompt: 'consent' }

const pick = ({ metadata, api_base }: AuthorizationServer, client_id: string) => ({
  metadata: { ...metadata, refresh_reuse: client_id === 'tolerated' ? 'tolerated' : 'revokes' },
  api_base,
})

/** A built page on one site, and a server of its own for each test on another. */
export const test = hosted.extend<Fixtures>({
  client_id: ['reading-list', { option: true }],
  scope: ['openid offline_access profile email', { option: true }],
  storage: ['memory', { option: true }],
  server: [
    async ({ host, client_id, scope, storage }, use) => {
      const server = await startAuthorizationServer(host.origin)
      const client = { server: pick(server, client_id), client_id, scope, storage, parameters }
      const settings = { ...client, resource: 'books' }
      host.configure({ settings, connect: server.issuer })
      await use(server)
      await server.close()
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
