import { defineConfig } from '@playwright/test'
import { findEngine } from '../../../scripts/engines.mjs'
import { SUBSET, titlesOf } from './subset.ts'

const executablePath = await findEngine('firefox')

export default defineConfig({
  testDir: '..',
  testMatch: Object.keys(SUBSET),
  grep: titlesOf(SUBSET),
  outputDir: '../../../.cache/firefox-e2e',
  // A test that passes at the second try hides a race.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  projects: [
    {
      name: 'firefox',
      use: {
        browserName: 'firefox',
        // Firefox as it is released, over WebDriver BiDi; Playwright's own is a patched one.
        channel: 'moz-firefox',
        launchOptions: {
          // An icon that the policy of a page forbids would count as an error of that page.
          firefoxUserPrefs: { 'browser.chrome.site_icons': false },
          ...(executablePath && { executablePath }),
        },
      },
    },
  ],
})
