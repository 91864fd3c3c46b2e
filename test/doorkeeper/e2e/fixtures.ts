import { expect, type Page, type Request } from '@playwright/test'
import { hosted } from '../../e2e/oidc-provider/hosted.ts'
import { type Doorkeeper, startDoorkeeper } from '../doorkeeper.ts'

/** Who has an account. */
const ada = { username: 'ada', password: 'ada-lantern', name: 'Ada Okafor', email: 'ada@forge.example' }

/** Seconds that an access token lives. */
export const LIFETIME = 7200

/** The secret of the application that has one. */
export const client_secret = 'gloas-s_e.cret-of-the-server'

interface Fixtures {
  /** GitLab's engine, on another site than the page. */
  readonly doorkeeper: Doorkeeper & {
    /** Uses an access token from outside any browser; gives the API's status. */
    read(access_token: string): Promise<number>
    /** Uses a refresh token from outside any browser, with the credentials of its client. */
    refresh(refresh_token: string, credentials: Record<string, string>): Promise<{ error?: string }>
  }
}

/** A built page on `localhost`, and a Doorkeeper of its own for each test on `127.0.0.1`. */
export const test = hosted.extend<Fixtures>({
  hostname: 'localhost',
  doorkeeper: async ({ origin }, use) => {
    const redirect_uris = [`${origin}/callback`, `${origin}/auth/callback/gitlab`]
    const application = { name: 'Reading list', redirect_uris }
    const server = await startDoorkeeper({
      users: [ada],
      clients: [
        { ...application, client_id: 'spa' },
        { ...application, client_id: 'server', client_secret },
      ],
    })
    await use({
      ...server,
      async read(access_token) {
        const headers = { authorization: `Bearer ${access_token}` }
        return (await fetch(`${server.address}/api/v4/user`, { headers })).status
      },
      async refresh(refresh_token, credentials) {
        const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, ...credentials })
        return (await fetch(`${server.address}/oauth/token`, { method: 'POST', body })).json()
      },
    })
    await server.stop()
  },
})

export { expect }

/** Opens the page, presses the button and signs in to the server; ends on its question. */
export async function goToQuestion(page: Page, origin: string): Promise<void> {
  await page.goto(origin)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('Username').fill(ada.username)
  await page.getByLabel('Password').fill(ada.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export const authorize = (page: Page) => page.getByRole('button', { name: 'Authorize' }).click()
export const deny = (page: Page) => page.getByRole('button', { name: 'Deny' }).click()

/** Signs in as a person does, until the page knows the name. */
export async function signIn(page: Page, origin: string): Promise<void> {
  await goToQuestion(page, origin)
  await authorize(page)
  await expectSignedIn(page)
}

export const expectSignedIn = (page: Page) =>
  expect(page.getByRole('status')).toHaveText('Signed in as Ada Okafor (ada, ada@forge.example)')

export const expectSignedOut = (page: Page) => expect(page.getByRole('status')).toHaveText('Signed out')

/** What went wrong, in the words of the page. */
export const expectProblem = (page: Page, words: string | RegExp) =>
  expect(page.getByRole('alert')).toContainText(words)

/** Presses the button that reads the API, and waits for what the page shows of it. */
export async function expectApiAnswer(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Read the list' }).click()
  await expect(page.locator('#answer')).toHaveText(/^200 .*"username":"ada"/)
}

/** The parameters that a request sent in a form. */
export const formOf = (request: Request | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(request?.postData() ?? ''))
