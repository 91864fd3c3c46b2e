import { type BrowserContext, expect, type Page } from '@playwright/test'
import { createBff } from '../../../src/bff/index.ts'
import { createForge } from '../../../src/emulator/index.ts'
import { toNodeListener } from '../../../src/node/index.ts'
import { gitkraken, gitlab } from '../../../src/provider/index.ts'
import {
  ada,
  authorize,
  type Coop,
  openPopup,
  press,
  type ServedForge,
  serveForge,
  severing,
  withSite,
} from '../popup/fixtures.ts'
import type { Settings } from '../popup/page/main.ts'

export { expect }

/** The secret of the app, with what every encoding writes in another way. */
export const SECRET = 'pl4nted+/=~ secret&of?the app'

/** A call of the BFF to the forge. */
export interface Call {
  readonly request: Request
  readonly body: string
  /** The body of the answer. */
  readonly answer: string
}

/** What a test may choose. */
export interface Choices {
  readonly kind: 'gitkraken' | 'gitlab'
  readonly flow: Settings['flow']
  readonly coop: Coop
}

/** What the BFF answered a browser. */
export interface Answered {
  readonly method: string
  readonly path: string
  /** How the asking page stands to the BFF, in the browser's word. */
  readonly site: string | null
  readonly status: number
}

/** A BFF with the forge behind it. */
export interface Backend {
  readonly forge: ServedForge
  /** What the BFF asked the forge, in this order. */
  readonly calls: readonly Call[]
  /** What browsers asked of it. */
  readonly answered: readonly Answered[]
  /** What the clock of forge and BFF is ahead, in milliseconds. */
  readonly clock: { ahead: number }
  /** The texts of all tokens that the forge gave out. */
  readonly tokens: () => string[]
}

const resources = { gitkraken: 'boards?fields=name', gitlab: 'user' }
const scopes = { gitkraken: 'user:read board:read', gitlab: 'read_user' }

/** Passes what the BFF asks to the forge without a wire, so that all that is on wires is the browser's. */
function callDirectly(forge: () => ServedForge) {
  const calls: Call[] = []
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const body = await request.clone().text()
    const response = await forge().fetch(request)
    calls.push({ request, body, answer: await response.clone().text() })
    return response
  }
  return { calls, send }
}

const tokensOf = ({ answer }: Call): string[] => {
  const found = /^\{/.test(answer) ? JSON.parse(answer) : {}
  return [found.access_token, found.refresh_token].filter(Boolean)
}

/** `test` with a page and its BFF on one site, and a forge on another. */
export const test = withSite.extend<Choices & { backend: Backend }>({
  kind: ['gitkraken', { option: true }],
  flow: ['redirect', { option: true }],
  coop: ['nobody', { option: true }],
  backend: [
    async ({ site, kind, flow, coop }, use) => {
      const { origin, headers } = site
      const clock = { ahead: 0 }
      const now = () => Date.now() + clock.ahead
      const redirect_uris = [`${origin}/auth/callback/${kind}`] as const
      const client = { client_id: 'tides', client_secret: SECRET, name: 'Tide tables', redirect_uris }
      const options = { clients: [client], now, ...severing(coop, 'the forge') }
      const { served, close } = await serveForge(() =>
        kind === 'gitlab' ? createForge('gitlab', options) : createForge('gitkraken', options),
      )
      const { calls, send } = callDirectly(() => served)
      const { base } = served
      const provider = kind === 'gitlab' ? gitlab({ base }) : gitkraken({ base })
      const bff = createBff({
        publicOrigin: origin,
        providers: {
          [kind]: { provider, client_id: 'tides', client_secret: SECRET, scope: scopes[kind] },
        },
        cookieSecret: 'a cookie secret of the tests, long enough to seal',
        fetch: send,
        now,
      })
      const answered: Answered[] = []
      const answer = async (request: Request) => {
        const response = await bff.fetch(request)
        const { method, url, headers } = request
        const path = new URL(url).pathname
        answered.push({ method, path, site: headers.get('sec-fetch-site'), status: response.status })
        return response
      }
      site.mount(toNodeListener(answer))
      site.configure({ flow, provider: kind, resource: resources[kind] })
      if (severing(coop, 'the app').coop) headers['cross-origin-opener-policy'] = 'same-origin'
      await use({ forge: served, calls, answered, clock, tokens: () => calls.flatMap(tokensOf) })
      await close()
    },
    { auto: true },
  ],
})

/** Starts a sign-in by redirect, and stops at the forge's question. */
export async function goToConsent(page: Page, origin: string): Promise<void> {
  await page.goto(origin)
  await press(page, 'Sign in')
  await ada(page).click()
  await expect(authorize(page)).toBeVisible()
}

/** Signs in as a person does, by redirect. */
export async function signIn(page: Page, origin: string): Promise<void> {
  await goToConsent(page, origin)
  await authorize(page).click()
  await expectSignedIn(page)
}

/** The same by popup. */
export async function signInByPopup(page: Page, origin: string): Promise<void> {
  await page.goto(origin)
  const window = await openPopup(page)
  await ada(window).click()
  const gone = window.waitForEvent('close')
  await authorize(window).click()
  await gone
  await expectSignedIn(page)
}

export const expectSignedIn = (page: Page) =>
  expect(page.getByRole('status')).toHaveText('Signed in as Ada Okafor (ada)')
export const expectSignedOut = (page: Page) => expect(page.getByRole('status')).toHaveText('Signed out')

/** The names of the BFF's cookies in this browser's jar, without what tells one sign-in from another. */
export const cookieKinds = async (context: BrowserContext): Promise<string[]> =>
  (await context.cookies())
    .map(({ name }) => /^forgepass-\d+\.(session|login)\./.exec(name)?.[1])
    .filter((kind) => kind !== undefined)
