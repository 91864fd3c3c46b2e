import { fileURLToPath } from 'node:url'
import type { CDPSession } from '@playwright/test'
import { createForge } from '../../../src/emulator/index.ts'
import { type Built, buildPage } from '../oidc-provider/build.ts'
import { expect, withSite } from '../popup/fixtures.ts'
import type { Life, Parcel } from './long-life/main.ts'
import { type Alive, takeOver } from './world.ts'

interface Fixtures {
  /** The address of a forge that spends a refresh token when it is used. */
  readonly base: string
}

const PAGE = fileURLToPath(new URL('./long-life', import.meta.url))
const SEED = 2026
const REFRESHES = process.env.CI ? 10_000 : 2000
const WARM_UP = 1000

const test = withSite.extend<Fixtures, { built: Built }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  built: [async ({}, use) => use(await buildPage(PAGE)), { scope: 'worker' }],
  base: async ({ page, site }, use) => {
    const forge = createForge('gitlab', { expires_in: 60 })
    const base = 'https://gitlab.test'
    site.headers['content-security-policy'] = "default-src 'self'; require-trusted-types-for 'script'"
    await page.exposeFunction('visitForge', async (url: string) => `${await forge.visit(url)}`)
    await page.exposeFunction('carry', async ({ url, method, headers, body }: Parcel): Promise<Parcel> => {
      const request = new Request(url, { method, headers, body: method === 'POST' ? body : null })
      const response = await forge.fetch(request)
      return {
        url,
        method,
        status: response.status,
        headers: [...response.headers],
        body: await response.text(),
      }
    })
    await page.addInitScript(takeOver, Date.UTC(2026, 9, 1))
    await page.goto(site.origin)
    await use(base)
  },
})

/** What the page holds once all that is garbage is gone. */
async function weigh(session: CDPSession) {
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { metrics } = await session.send('Performance.getMetrics')
  const all = metrics.find(({ name }) => name === 'JSEventListeners')?.value
  return { kilobytes: Math.round(usedSize / 1024), listenersOfAll: all }
}

test('a page that renews thousands of times signs out only where a spent token’s reply was lost, says so, and keeps nothing', async ({
  page,
  context,
  base,
}) => {
  test.setTimeout(600_000)
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable')
  const life = await page.evaluateHandle((options) => startLife(options), { base, seed: SEED })
  const look = async (): Promise<Alive & Awaited<ReturnType<typeof weigh>>> => ({
    ...(await life.evaluate(({ rest }) => rest())),
    ...(await weigh(session)),
  })
  const started = Date.now()
  let lived: Life = await life.evaluate(({ live }, count) => live(count), WARM_UP)
  const before = await look()
  for (let count = WARM_UP; count < REFRESHES; count += 500)
    lived = await life.evaluate(({ live }, goal) => live(goal), count + 500)
  const after = await look()
  const seconds = (Date.now() - started) / 1000
  const { ends, wrongs, ...numbers } = lived
  const sums: Record<string, number> = {}
  for (const { told } of ends) sums[told] = (sums[told] ?? 0) + 1
  console.log({ ...numbers, sums, before, after, seconds, perSecond: Math.round(numbers.granted / seconds) })

  expect(wrongs).toEqual([])
  expect(ends.filter(({ isSpent }) => !isSpent)).toEqual([])
  expect(ends).toHaveLength(lived.lost)
  expect(lived.lost).toBeGreaterThan(REFRESHES / 200)
  expect(new Set(ends.map((end) => end.told))).toEqual(new Set(['login_required refresh_outcome_unknown']))
  const { kilobytes, ...alive } = after
  const { kilobytes: kilobytesBefore, ...aliveBefore } = before
  expect(alive).toEqual(aliveBefore)
  expect(kilobytes - kilobytesBefore).toBeLessThan(1024)
})
