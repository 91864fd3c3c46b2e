import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { test as base, chromium, expect, type Page } from '@playwright/test'
import { findEngine, howToInstall } from '../../../scripts/engines.mjs'
import { createForge, type Forge, type ForgeClient } from '../../../src/emulator/index.ts'
import { toNodeListener } from '../../../src/node/index.ts'
import { close, listen } from '../oidc-provider/listen.ts'
import { ada, authorize, press } from '../popup/fixtures.ts'
import type { Chrome } from './app/chrome.ts'
import manifest from './app/manifest.json' with { type: 'json' }
import { buildExtension } from './build.ts'

export { expect }

/** Chrome's own names for an extension: of the key in its manifest the first 32 hex digits of the digest, written in a to p. */
const id = createHash('sha256')
  .update(Buffer.from(manifest.key, 'base64'))
  .digest('hex')
  .slice(0, 32)
  .replace(/./g, (digit) => 'abcdefghijklmnop'[Number.parseInt(digit, 16)] ?? '')

/** The address of the extension's own pages, and the one that forges send to. */
export const origin = `chrome-extension://${id}`
export const redirect_uri = `https://${id}.chromiumapp.org/`

/** Answers in place of the forge, or lets it answer. */
type Instead = (request: Request) => Promise<Response> | Response | undefined

/** The forge of one test, at an address that the extension is built with. */
export interface ServedForge extends Forge {
  readonly base: string
  /** What is ahead of this computer's clock, in milliseconds. */
  readonly clock: { ahead: number }
  /** What the token endpoint was asked for, in this order. */
  readonly grants: () => (string | undefined)[]
  /** Lets something answer in place of the forge from now on. */
  readonly answer: (instead: Instead) => void
}

interface Fixtures {
  /** Asks nobody for consent. */
  readonly trusted: boolean
  readonly forge: ServedForge
  /** The page that opens at the extension's button. */
  readonly popup: Page
}

/** Where a forge will be, and the extension that knows it. */
interface Place {
  readonly base: string
  readonly folder: string
  readonly serve: (fetch: Forge['fetch']) => void
}

/** `test` with the extension in a browser of its own: a headless shell loads none. */
export const test = base.extend<Fixtures, { place: Place }>({
  place: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
    async ({}, use) => {
      let answer: Forge['fetch'] = async () => new Response(null, { status: 503 })
      const server = createServer(toNodeListener((request) => answer(request)))
      const address = `http://127.0.0.1:${await listen(server)}`
      const { folder, remove } = await buildExtension(address)
      const serve = (fetch: Forge['fetch']) => {
        answer = fetch
      }
      await use({ base: address, folder, serve })
      remove()
      await close(server)
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  context: async ({ place: { folder } }, use) => {
    const executablePath = await findEngine('chromium')
    if (!executablePath) throw new Error(`Extensions need the full browser: ${howToInstall('chromium')}`)
    const args = [`--disable-extensions-except=${folder}`, `--load-extension=${folder}`]
    const context = await chromium.launchPersistentContext('', { executablePath, args })
    await use(context)
    await context.close()
  },
  trusted: [false, { option: true }],
  forge: async ({ place, trusted }, use) => {
    const clock = { ahead: 0 }
    const client = { client_id: 'tides', name: 'Tide tables', redirect_uris: [redirect_uri] }
    const clients: ForgeClient[] = [{ ...client, ...(trusted && { trusted }) }]
    const forge = createForge('gitlab', { clients, now: () => Date.now() + clock.ahead })
    let instead: Instead = () => undefined
    place.serve(async (request) => instead(request) ?? forge.fetch(request))
    const answer = (next: Instead) => {
      instead = next
    }
    const { requests } = forge
    const grants = () =>
      requests.filter(({ params }) => params.grant_type).map(({ params }) => params.grant_type)
    await use({ ...forge, base: place.base, clock, grants, answer })
  },
  popup: async ({ context, forge: _ }, use) => {
    const page = await context.newPage()
    await page.goto(`${origin}/popup.html`)
    await expectSignedOut(page)
    await use(page)
  },
})

export const expectSignedIn = (page: Page) =>
  expect(page.getByRole('status')).toHaveText('Signed in as Ada Okafor (ada)')
export const expectSignedOut = (page: Page) => expect(page.getByRole('status')).toHaveText('Signed out')

/** Presses "Sign in" and goes as far as the forge's question, in the window that the browser opens. */
export async function goToConsent(popup: Page): Promise<Page> {
  const opened = popup.context().waitForEvent('page')
  await press(popup, 'Sign in')
  const window = await opened
  await ada(window).or(authorize(window)).waitFor()
  // A second sign-in finds the person known.
  if (await ada(window).isVisible()) await ada(window).click()
  await expect(authorize(window)).toBeVisible()
  return window
}

declare const chrome: Chrome

/** All that the extension stores, as its own pages see it. */
export const readStorage = (page: Page) =>
  page.evaluate(async () => ({
    session: await chrome.storage.session.get(null),
    local: await chrome.storage.local.get(null),
    page: Object.keys(localStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name),
  }))

/** Stops the extension's worker as the browser does when it is idle, and waits until it is gone. */
export async function stopWorker(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const stopped = new Promise<void>((resolve) => {
    devtools.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      if (versions.some(({ runningStatus }) => runningStatus === 'stopped')) resolve()
    })
  })
  await devtools.send('ServiceWorker.enable')
  await devtools.send('ServiceWorker.stopAllWorkers')
  await stopped
  await devtools.detach()
}
