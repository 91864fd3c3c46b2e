import { type BrowserContext, test as base, expect, type Page, type Request } from '@playwright/test'

export { expect }

/** Everything the pages of one test sent, and what they complained about. */
export interface Wire {
  readonly requests: readonly Request[]
  readonly complaints: readonly string[]
  /** The requests to one path of a forge, such as `POST /oauth/token`. */
  to(route: string, forge?: ForgeName): readonly Request[]
  /** What a forge's token endpoint was asked for by the browser, in this order. */
  grants(forge?: ForgeName): (string | null)[]
}

/** The forges of the demo, by the last part of the path they are mounted under. */
export type ForgeName = 'gitlab' | 'gitea' | 'gitkraken'

const TOKEN_ENDPOINTS: Readonly<Record<ForgeName, string>> = {
  gitlab: '/oauth/token',
  gitea: '/login/oauth/access_token',
  gitkraken: '/oauth/access_token',
}

/** The browser's own words for an answer that the test wants to be an error. */
const EXPECTED = /^Failed to load resource: the server responded with a status of [45]\d\d/

/** Tells the console of every page about violations of its policy. */
const reportViolations = () =>
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`policy violated: ${violatedDirective} ${blockedURI}`),
  )

async function listen(context: BrowserContext): Promise<Wire> {
  const requests: Request[] = []
  const complaints: string[] = []
  context.on('request', (request) => requests.push(request))
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text())
  })
  await context.addInitScript(reportViolations)
  const to = (route: string, forge: ForgeName = 'gitlab') =>
    requests.filter(
      (request) =>
        `${request.method()} ${new URL(request.url()).pathname}` === route.replace('/', `/forge/${forge}/`),
    )
  const grants = (forge: ForgeName = 'gitlab') =>
    to(`POST ${TOKEN_ENDPOINTS[forge]}`, forge).map((request) => formOf(request).get('grant_type'))
  return { requests, complaints, to, grants }
}

/** The fields that a request posted. */
export const formOf = (request: Request | undefined): URLSearchParams =>
  new URLSearchParams(request?.postData() ?? '')

/** A session's tokens, as the forge gave them. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

/** Writes down all tokens that the page gets from now on; the browser does not keep the bodies of its answers. */
export async function watchTokens(page: Page): Promise<Tokens[]> {
  const seen: Tokens[] = []
  await page.route('**/oauth/token', async (route) => {
    const response = await route.fetch()
    if (response.ok()) seen.push(await response.json())
    await route.fulfill({ response })
  })
  return seen
}

/** The tokens of the first sign-in. */
export function firstOf([tokens]: readonly Tokens[]): Tokens {
  if (!tokens) throw new Error('The page got no token.')
  return tokens
}

/** `test` with the wire of its browser context; a page that complains fails it. */
export const test = base.extend<{ wire: Wire }>({
  wire: [
    async ({ context }, use) => {
      const wire = await listen(context)
      await use(wire)
      expect(wire.complaints).toEqual([])
    },
    { auto: true },
  ],
})

/** What a person sees and presses on the demo's page. */
export const demo = (page: Page) => ({
  signIn: page.getByRole('button', { name: /^Sign in with Git\w+$/ }),
  useToken: page.getByRole('button', { name: 'Sign in with this token' }),
  token: page.getByLabel('Personal access token'),
  cancel: page.getByRole('button', { name: 'Cancel' }),
  choice: (name: string) => page.getByRole('radio', { name, exact: true }),
  tryAgain: page.getByRole('button', { name: 'Try again' }),
  call: page.getByRole('button', { name: 'Call the API' }),
  refresh: page.getByRole('button', { name: 'Refresh if due' }),
  signOut: page.getByRole('button', { name: 'Sign out' }),
  heading: page.locator('#heading'),
  problem: page.locator('#problem'),
  farewell: page.locator('#farewell'),
  result: page.locator('#result'),
  account: page.locator('.person'),
  waiting: page.locator('#waiting'),
  whereabouts: page.locator('#whereabouts'),
})

/** What a person presses at the forge. */
export const forge = (page: Page) => ({
  ada: page.getByRole('button', { name: 'Ada Okafor' }),
  jonas: page.getByRole('button', { name: 'Jonas Lindqvist' }),
  authorize: page.getByRole('button', { name: 'Authorize', exact: true }),
  deny: page.getByRole('button', { name: /^(Deny|Cancel)$/ }),
})

/** Goes from the signed-out demo to the forge's question. */
export async function goToConsent(page: Page): Promise<void> {
  await page.goto('/')
  await demo(page).signIn.click()
  await forge(page).ada.click()
  await expect(forge(page).authorize).toBeVisible()
}

/** Signs Ada in. */
export async function signIn(page: Page): Promise<void> {
  await goToConsent(page)
  await forge(page).authorize.click()
  await expectSignedIn(page)
}

/** Ada is signed in on the page of one choice, and nothing of the sign-in is left in its address. */
export async function expectSignedIn(page: Page, choice = ''): Promise<void> {
  await expect(demo(page).account).toContainText('Ada Okafor')
  await expect(demo(page).problem).toBeHidden()
  expect(new URL(page.url()).search).toBe(choice)
}

export async function expectSignedOut(page: Page): Promise<void> {
  await expect(demo(page).heading).toHaveText('Signed out')
}

/** Signs Ada in at the forge, but keeps the address that would bring her back, and never opens it. */
export async function interceptCallback(page: Page): Promise<string> {
  await goToConsent(page)
  let callback = ''
  await page.route('**/oauth/authorize', async (route) => {
    callback = (await route.fetch({ maxRedirects: 0 })).headers().location ?? ''
    await route.fulfill({ body: 'The rest happens in another tab.' })
  })
  await forge(page).authorize.click()
  await expect(page.getByText('another tab')).toBeVisible()
  await page.unroute('**/oauth/authorize')
  return callback
}

/** Keeps the page where it is from now on, as a forge that never answers would. */
export const stay = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { navigation } = globalThis as unknown as { navigation: EventTarget }
    navigation.addEventListener('navigate', (event) => event.preventDefault())
  })

/** A sign-in under way, as the page stores it. */
export interface StoredTransaction {
  readonly code_verifier: string
  readonly spent?: true
}

/** The sign-ins under way of the page's origin. */
export const transactions = (page: Page): Promise<Record<string, StoredTransaction>> =>
  page.evaluate(() => {
    const entries = Object.entries(localStorage).filter(([name]) => /^forgepass\.tx\...+/.test(name))
    return Object.fromEntries(entries.map(([name, value]) => [name, JSON.parse(value)]))
  })
