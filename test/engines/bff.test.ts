import { createBff } from 'forgepass/bff'
import { createForge } from 'forgepass/emulator'
import { gitkraken } from 'forgepass/providers'
import { describe, onTestFinished } from 'vitest'
import { expect, test } from './fixtures.ts'
import { authorize, button, expectCutOff, expectSignedIn, expectText, inPopup, readable } from './person.ts'
import { type ForgeServer, freeOrigin, serveForge, servePage } from './site.ts'
import type { Browser } from './webdriver.ts'

const app = { client_id: 'boards', client_secret: 'the-secret-of-the-boards' }
const cookieSecret = 'what-the-cookies-of-the-boards-are-sealed-with'

/** A GitKraken, which gives nobody a token without the secret, and sends everybody back to the BFF. */
async function startForge(origin: string, coop?: 'same-origin'): Promise<ForgeServer> {
  const redirect_uris = [`${origin}/auth/callback/gitkraken`] as const
  const clients = [{ ...app, name: 'Boards', redirect_uris }]
  const forge = await serveForge(createForge('gitkraken', { clients, ...(coop && { coop }) }))
  onTestFinished(forge.close)
  return forge
}

/** Opens the page of a client that keeps its tokens at the BFF, with a forge of its own. */
async function open(browser: Browser, way: 'redirect' | 'popup', coop?: 'same-origin') {
  const origin = await freeOrigin()
  const forge = await startForge(origin, coop)
  const provider = gitkraken({ base: forge.origin })
  const providers = { gitkraken: { provider, ...app, scope: 'user:read board:read' } }
  const bff = createBff({ publicOrigin: origin, basePath: '/auth', providers, cookieSecret })
  const site = await servePage(origin, { bff: bff.fetch })
  onTestFinished(site.close)
  const address = `${origin}/bff/${way}`
  await browser.goto(address)
  await expectText(browser, 'status', 'Signed out')
  return { address, forge }
}

/** Neither a script on the page nor a person who looks through the cookies finds what the server keeps. */
async function expectNothingKept(browser: Browser, { tokens }: ForgeServer) {
  // To a page come to from another site, and reloaded, WebKit denies the Strict cookies that it sends all the same.
  await browser.goto((await browser.url()).href)
  const cookies = await browser.cookies()
  expect(cookies).toHaveLength(1)
  // The browser drops a Secure cookie of an http origin, also on this machine.
  expect(cookies[0]).toMatchObject({ httpOnly: true, secure: false, sameSite: 'Strict' })
  expect(tokens).toHaveLength(1)
  const session = await browser.evaluate(async () => {
    const response = await fetch('/auth/session', { headers: { 'forgepass-csrf': '1' } })
    return response.text()
  })
  expect(session).toContain('Ada Okafor')
  const kept = (await readable(browser)) + JSON.stringify(cookies) + session
  for (const value of [...tokens, app.client_secret, cookieSecret]) expect(kept).not.toContain(value)
}

/** Uses the session until it has ended. */
async function expectSession(browser: Browser, { address, forge }: Awaited<ReturnType<typeof open>>) {
  await expectSignedIn(browser, address)
  await browser.reload()
  await expectSignedIn(browser, address)
  await browser.click(button('Read'))
  await expect.poll(() => browser.text('//pre')).toMatch(/"status":200.*Lantern/)
  await expectNothingKept(browser, forge)
  await browser.click(button('Sign out'))
  await expectText(browser, 'status', 'Signed out')
  expect(await browser.cookies()).toEqual([])
  await browser.reload()
  await expectText(browser, 'status', 'Signed out')
}

describe('a client of a BFF, at a forge on another site', () => {
  test('signs in by redirect, keeps its session over a reload, calls the API and signs out', async ({
    browser,
  }) => {
    const opened = await open(browser, 'redirect')
    await browser.click(button('Sign in'))
    await authorize(browser)
    await expectSession(browser, opened)
  })

  test('does all of it by popup', async ({ browser }) => {
    const opened = await open(browser, 'popup')
    await inPopup(browser, 'Sign in', () => authorize(browser))
    await expectSession(browser, opened)
  })

  test('signs in by a popup that the forge cuts off from the page', async ({ browser }) => {
    const { address } = await open(browser, 'popup', 'same-origin')
    await inPopup(browser, 'Sign in', async () => {
      await expectCutOff(browser)
      await authorize(browser)
    })
    await expectSignedIn(browser, address)
  })
})
