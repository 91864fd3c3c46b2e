import { createForge, type ForgeOptions } from 'forgepass/emulator'
import { describe, onTestFinished } from 'vitest'
import { expect, test } from './fixtures.ts'
import { authorize, button, expectCutOff, expectSignedIn, expectText, inPopup, readable } from './person.ts'
import { freeOrigin, serveForge, servePage } from './site.ts'
import type { Browser } from './webdriver.ts'

/** Opens the page of a client that keeps its tokens in the browser, with a GitLab of its own. */
async function open(browser: Browser, way: 'redirect' | 'popup', options: ForgeOptions = {}) {
  const forge = await serveForge(createForge('gitlab', options))
  onTestFinished(forge.close)
  const site = await servePage(await freeOrigin(), { forge: forge.origin })
  onTestFinished(site.close)
  const address = `${site.origin}/browser/${way}`
  await browser.goto(address)
  await expectText(browser, 'status', 'Signed out')
  return { address, forge }
}

describe('a client in the browser, at a forge on another site', () => {
  test('signs in by redirect, keeps its session over a reload, calls the API and signs out', async ({
    browser,
  }) => {
    const { address, forge } = await open(browser, 'redirect')
    await browser.click(button('Sign in'))
    await authorize(browser)
    await expectSignedIn(browser, address)
    await browser.reload()
    await expectSignedIn(browser, address)
    await browser.click(button('Read'))
    await expect.poll(() => browser.text('//pre')).toContain('"status":200')

    expect(forge.tokens).toHaveLength(2)
    for (const token of forge.tokens) expect(await readable(browser)).toContain(token)
    await browser.click(button('Sign out'))
    await expectText(browser, 'status', 'Signed out')
    for (const token of forge.tokens) expect(await readable(browser)).not.toContain(token)
  })

  test('signs in by popup', async ({ browser }) => {
    const { address } = await open(browser, 'popup')
    await inPopup(browser, 'Sign in', () => authorize(browser))
    await expectSignedIn(browser, address)
  })

  test('signs in by a popup that the forge cuts off from the page', async ({ browser }) => {
    const { address } = await open(browser, 'popup', { coop: 'same-origin' })
    await inPopup(browser, 'Sign in', async () => {
      await expectCutOff(browser)
      await authorize(browser)
    })
    await expectSignedIn(browser, address)
  })
})
