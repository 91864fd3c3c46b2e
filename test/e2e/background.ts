import type { BrowserContext, Page } from '@playwright/test'

/** Lets pages take themselves for tabs in the background, which renew no token before somebody needs one. */
export const keepInBackground = (pages: Page | BrowserContext) =>
  pages.addInitScript(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' })
  })
