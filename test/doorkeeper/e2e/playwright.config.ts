import { defineConfig } from '@playwright/test'
import { findEngine } from '../../../scripts/engines.mjs'

const executablePath = await findEngine('chromium-headless-shell')

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../../.cache/doorkeeper-e2e',
  // A test that passes at the second try hides a race.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        launchOptions: executablePath ? { executablePath } : {},
      },
    },
  ],
})
