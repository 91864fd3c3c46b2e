import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { createForge } from '../../../src/emulator/index.ts'
import { toNodeListener } from '../../../src/node/index.ts'
import { type Built, buildPage } from '../oidc-provider/build.ts'
import {
  ada,
  authorize,
  expect,
  openPopup,
  press,
  type ServedForge,
  serveForge,
  withSite,
} from '../popup/fixtures.ts'
import type { Settings } from '../popup/page/main.ts'

export { expect }

/** What everything that happens in the browser has told. */
export interface Heard {
  readonly console: string[]
  readonly event: string[]
  readonly error: string[]
  /** What the policy of a page has refused. */
  readonly violation: string[]
}

interface Choices {
  readonly flow: Settings['flow']
  /** Whether the forge is part of the page's own origin, or on another site. */
  readonly near: boolean
}

const PAGE = fileURLToPath(new URL('./page', import.meta.url))
const POLICY = "default-src 'self'; require-trusted-types-for 'script'; report-uri /auth/reports"

/** Tells of what the policy refuses, by event and by report. */
function watchPolicy() {
  addEventListener('securitypolicyviolation', ({ effectiveDirective, sample, blockedURI }) =>
    globalThis.tell?.('violation', `event ${effectiveDirective} ${blockedURI} ${sample}`),
  )
  const note = (reports: Report[]) => {
    for (const { body } of reports) globalThis.tell?.('violation', `report ${JSON.stringify(body)}`)
  }
  new ReportingObserver((reports) => note(reports), { types: ['csp-violation'], buffered: true }).observe()
}

/** `test` with a page under a strict policy that is a client of its own, and ears everywhere. */
export const test = withSite.extend<Choices & { heard: Heard; forge: ServedForge }, { built: Built }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  built: [async ({}, use) => use(await buildPage(PAGE)), { scope: 'worker' }],
  flow: ['redirect', { option: true }],
  near: [false, { option: true }],
  heard: [
    async ({ context }, use) => {
      const heard: Heard = { console: [], event: [], error: [], violation: [] }
      context.on('console', async (message) => {
        heard.console.push(message.text())
        for (const argument of message.args())
          heard.console.push(
            await argument.evaluate((value) => `${Object(value).stack ?? value}`).catch(String),
          )
      })
      await context.exposeFunction('tell', (kind: keyof Heard, text: string) => heard[kind].push(text))
      await context.addInitScript(watchPolicy)
      await use(heard)
    },
    { auto: true },
  ],
  forge: [
    async ({ site, flow, near, heard }, use) => {
      const redirect_uris = [`${site.origin}/callback`]
      const clients = [{ client_id: 'tides', name: 'Night trains', redirect_uris }]
      const basePath = near ? '/auth/forge' : ''
      const { served, close } = await serveForge(() => createForge('gitlab', { clients, basePath }))
      const base = near ? `${site.origin}${basePath}` : served.base
      site.mount(
        toNodeListener(async (request) => {
          if (!request.url.endsWith('/auth/reports')) return served.fetch(request)
          heard.violation.push(`sent ${await request.text()}`)
          return new Response(null, { status: 204 })
        }),
      )
      site.headers['content-security-policy'] = POLICY + (near ? '' : `; connect-src 'self' ${base}`)
      site.configure({ flow, resource: 'user', forge: { kind: 'gitlab', base, scope: 'read_user' } })
      await use({ ...served, base })
      await close()
    },
    { auto: true },
  ],
})

/** Presses the button and goes as far as the forge's question; gives the window that asks it. */
export async function goToConsent(page: Page, flow: Settings['flow']): Promise<Page> {
  const window = flow === 'popup' ? await openPopup(page) : page
  if (flow === 'redirect') await press(page, 'Sign in')
  // Whom the forge knows by now is not asked again who they are.
  await expect(ada(window).or(authorize(window))).toBeVisible()
  if (await ada(window).isVisible()) await ada(window).click()
  await expect(authorize(window)).toBeVisible()
  return window
}

export const status = (page: Page) => page.getByRole('status')
export const expectSignedIn = (page: Page) => expect(status(page)).toHaveText('Signed in as Ada Okafor (ada)')
