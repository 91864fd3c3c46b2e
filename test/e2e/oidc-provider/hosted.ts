import { test as base, expect } from '@playwright/test'
import { type Built, buildPage } from './build.ts'
import { servePage } from './page-server.ts'

interface Fixtures {
  /** The name of the page's host: its site is that of no server by another name. */
  readonly hostname: string
  readonly host: Awaited<ReturnType<typeof servePage>>
  /** Where the page is. */
  readonly origin: string
  readonly problems: readonly string[]
}

/** `test` with a built page, which fails when the page leaves an error to nobody. */
export const hosted = base.extend<Fixtures, { built: Built }>({
  hostname: ['127.0.0.1', { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  built: [async ({}, use) => use(await buildPage()), { scope: 'worker' }],
  host: async ({ built, hostname }, use) => {
    const host = await servePage(built, { name: hostname })
    await use(host)
    await host.close()
  },
  origin: async ({ host }, use) => use(host.origin),
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
