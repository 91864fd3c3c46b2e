import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { findEngine } from '../../scripts/engines.mjs'
import { freePort } from './free-port.ts'

const executablePath = await findEngine('chromium-headless-shell')

// This file is read again in every worker, which has to find the server of the first reading.
process.env.FORGEPASS_DEMO_PORT ??= `${await freePort()}`
const address = { host: '127.0.0.1', port: process.env.FORGEPASS_DEMO_PORT }

const vite = 'node node_modules/vite/bin/vite.js'
const outDir = '../.cache/e2e-demo'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // It needs another browser, and no demo.
  testIgnore: 'extension/**',
  outputDir: '../../.cache/e2e',
  // A test that passes at the second try hides a race.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  // The demo as it is built, with the policy it is served under.
  webServer: {
    command: `${vite} build --outDir ${outDir} --logLevel warn && ${vite} preview --outDir ${outDir} --host ${address.host} --port ${address.port} --strictPort`,
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    url: `http://${address.host}:${address.port}/`,
    reuseExistingServer: false,
    timeout: 120_000,
  },
  use: { baseURL: `http://${address.host}:${address.port}` },
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
