import { test as base, expect } from 'vitest'
import { startDriver, startScreen } from './programs.ts'
import { type Browser, openBrowser } from './webdriver.ts'

/** Starts a browser with a driver of its own; one that does not come up, which happens now and then, is tried again. */
async function start(screen: string, tries = 3): Promise<Browser> {
  const { address, end } = await startDriver(screen)
  try {
    const browser = await openBrowser(address)
    return { ...browser, close: () => browser.close().finally(end) }
  } catch (error) {
    await end()
    if (tries === 1) throw error
    console.warn(`No browser: ${error}`)
    return start(screen, tries - 1)
  }
}

/** `test` with a `browser` of its own, which nothing has been done with. */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of the fixtures from the pattern.
  .extend('screen', { scope: 'file' }, async ({}, { onCleanup }) => {
    const { name, end } = await startScreen()
    onCleanup(end)
    return name
  })
  .extend('browser', async ({ screen }, { onCleanup }) => {
    const browser = await start(screen)
    onCleanup(browser.close)
    return browser
  })

export { expect }
