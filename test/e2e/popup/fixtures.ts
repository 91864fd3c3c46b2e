import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { createForge, type Forge, type ForgeClient } from '../../../src/emulator/index.ts'
import { toNodeListener } from '../../../src/node/index.ts'
import { type Built, buildPage } from '../oidc-provider/build.ts'
import type { Settings } from './page/main.ts'
import { record, type Site, serveSite } from './site.ts'

export { expect }

/** Whose pages say `Cross-Origin-Opener-Policy: same-origin`, which severs a popup from its opener. */
export type Coop = 'nobody' | 'the forge' | 'the app' | 'both'

/** A forge that listens on another site than the app's. */
export interface ServedForge extends Forge {
  readonly base: string
  /** What the token endpoint was asked for, in this order. */
  readonly grants: () => (string | undefined)[]
  /** All that browsers and the forge have said to each other. */
  readonly text: () => string
}

/** What a test may choose about app and forge. */
export interface Choices {
  readonly kind: 'gitlab' | 'gitea'
  readonly coop: Coop
  readonly callback: 'client' | 'relay'
  readonly storage: Settings['storage'] | undefined
  /** Asks nobody for consent, so that a popup comes back by itself. */
  readonly trusted: boolean
}

interface Fixtures extends Choices {
  readonly site: Site
  readonly forge: ServedForge
  readonly problems: readonly string[]
}

const PAGE = fileURLToPath(new URL('./page', import.meta.url))

const resources = { gitlab: 'user', gitea: 'user' }

/** Lets a forge listen; its address is on another site than `localhost`. */
export async function serveForge(make: (base: string) => Forge) {
  let forge: Forge | undefined
  const server = createServer(
    toNodeListener((request) => forge?.fetch(request) ?? new Response(null, { status: 503 })),
  )
  const { port, text, close } = await record(server)
  const base = `http://127.0.0.1:${port}`
  forge = make(base)
  const { requests } = forge
  const grants = () =>
    requests.filter(({ params }) => params.grant_type).map(({ params }) => params.grant_type)
  return { served: { ...forge, base, grants, text }, close }
}

/** `test` with a built page and nothing behind it; fails when a page leaves an error to nobody. */
export const withSite = base.extend<{ site: Site; problems: readonly string[] }, { built: Built }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  built: [async ({}, use) => use(await buildPage(PAGE)), { scope: 'worker' }],
  site: async ({ built }, use) => {
    const site = await serveSite(built)
    await use(site)
    await site.close()
  },
  problems: [
    async ({ context }, use) => {
      const problems: string[] = []
      context.on('weberror', (error) => problems.push(`${error.error()}`))
      await use(problems)
      expect(problems, 'errors that no page caught').toEqual([])
    },
    { auto: true },
  ],
})

/** `test` with a page that is itself a client of a forge, and signs in by popup. */
export const test = withSite.extend<Omit<Fixtures, 'site' | 'problems'>>({
  kind: ['gitlab', { option: true }],
  coop: ['nobody', { option: true }],
  callback: ['client', { option: true }],
  storage: [undefined, { option: true }],
  trusted: [false, { option: true }],
  forge: [
    async ({ site, kind, coop, callback, storage, trusted }, use) => {
      const client = { client_id: 'tides', name: 'Tide tables', redirect_uris: [`${site.origin}/callback`] }
      const clients: ForgeClient[] = [{ ...client, ...(trusted && { trusted }) }]
      const options = { clients, ...severing(coop, 'the forge') }
      const { served, close } = await serveForge(() =>
        kind === 'gitea' ? createForge('gitea', { cors: true, ...options }) : createForge('gitlab', options),
      )
      if (severing(coop, 'the app').coop) site.headers['cross-origin-opener-policy'] = 'same-origin'
      const scope = kind === 'gitea' ? 'read:user' : 'read_user'
      const forge = { kind, base: served.base, scope }
      site.configure({
        flow: 'popup',
        forge,
        callback,
        resource: resources[kind],
        ...(storage && { storage }),
      })
      await use(served)
      await close()
    },
    { auto: true },
  ],
})

/** The forge's option for a test that severs by `who`. */
export const severing = (coop: Coop, who: 'the forge' | 'the app'): { coop?: 'same-origin' } =>
  coop === who || coop === 'both' ? { coop: 'same-origin' } : {}

/** Presses a button and gives the window that opens. */
export async function openPopup(page: Page, name = 'Sign in'): Promise<Page> {
  const opened = page.context().waitForEvent('page')
  await page.getByRole('button', { name, exact: true }).click()
  return opened
}

export const ada = (page: Page) => page.getByRole('button', { name: 'Ada Okafor' })
export const authorize = (page: Page) => page.getByRole('button', { name: 'Authorize', exact: true })
export const deny = (page: Page) => page.getByRole('button', { name: /^(Deny|Cancel)$/ })
export const status = (page: Page) => page.getByRole('status')
export const problem = (page: Page) => page.getByRole('alert')
export const events = (page: Page) => page.locator('#events')
export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Opens the app and goes as far as the forge's question in a popup. */
export async function goToConsent(page: Page, origin: string): Promise<Page> {
  await page.goto(origin)
  const window = await openPopup(page)
  await ada(window).click()
  await expect(authorize(window)).toBeVisible()
  return window
}

/** Answers the question in a popup and waits until that is gone. */
export async function approve(window: Page): Promise<void> {
  const gone = window.waitForEvent('close')
  await authorize(window).click()
  await gone
}

export const expectSignedIn = (page: Page) => expect(status(page)).toHaveText('Signed in as Ada Okafor (ada)')
export const expectSignedOut = (page: Page) => expect(status(page)).toHaveText('Signed out')

/** The sign-ins under way of the page's origin that can still be used. */
export const transactions = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    Object.keys(localStorage)
      .filter((name) => name.startsWith('forgepass.tx.'))
      .filter((name) => !JSON.parse(localStorage.getItem(name) ?? '').spent)
      .map((name) => name.slice('forgepass.tx.'.length)),
  )

/** Lets all that happens in this browser from now on have a site's cookie. */
export const signInAtForge = async (context: BrowserContext, base: string) => {
  const page = await context.newPage()
  await page.goto(base)
  await ada(page).click()
  await page.close()
}
