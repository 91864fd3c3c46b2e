import type { CDPSession, Page } from '@playwright/test'
import {
  expect,
  expectSignedIn,
  openPopup,
  press,
  problem,
  signInAtForge,
  test,
  transactions,
} from './fixtures.ts'

/** Counts the timers and channels that are alive. */
const countEffects = () => {
  const timers = new Set<unknown>()
  const channels = new Set<BroadcastChannel>()
  Object.assign(globalThis, { alive: () => ({ timers: timers.size, channels: channels.size }) })
  for (const kind of ['Interval', 'Timeout'] as const) {
    const start = globalThis[`set${kind}`] as (...args: unknown[]) => number
    const stop = globalThis[`clear${kind}`]
    const begin = (task: () => void, ...rest: unknown[]) => {
      const done = () => {
        if (kind === 'Timeout') timers.delete(id)
        task()
      }
      const id = start(done, ...rest)
      timers.add(id)
      return id
    }
    const end = (id?: number) => {
      timers.delete(id)
      stop(id)
    }
    Object.assign(globalThis, { [`set${kind}`]: begin, [`clear${kind}`]: end })
  }
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      channels.add(this)
    }
    override close() {
      channels.delete(this)
      super.close()
    }
  }
}

/** How many listeners something in the page has, of all kinds. */
async function countListeners(session: CDPSession, expression: string): Promise<number> {
  const { result } = await session.send('Runtime.evaluate', { expression })
  const { objectId = '' } = result
  const { listeners } = await session.send('DOMDebugger.getEventListeners', { objectId })
  return listeners.length
}

const settle = (page: Page) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))

const RUNS = 30

test.describe('many times over', () => {
  test.use({ trusted: true })

  test('leaves no listener, timer, channel or transaction behind, however it ends', async ({
    page,
    context,
    site,
    forge,
  }) => {
    test.setTimeout(60_000)
    await signInAtForge(context, forge.base)
    await page.addInitScript(countEffects)
    await page.goto(site.origin)
    const session = await context.newCDPSession(page)
    const count = async () => {
      await settle(page)
      const alive = await page.evaluate(() => (globalThis as unknown as { alive: () => object }).alive())
      const listeners = await countListeners(session, 'window')
      return { ...alive, listeners, onSignal: await countListeners(session, 'patience.signal') }
    }
    const signIn = async () => {
      await openPopup(page)
      await expect(page.locator('#answer')).toHaveText('login() has resolved')
      await page.evaluate(() => document.getElementById('answer')?.replaceChildren())
    }
    await signIn()
    await expectSignedIn(page)
    const before = await count()
    for (let run = 0; run < RUNS; run += 1) await signIn()
    expect(await count()).toEqual(before)
    expect(context.pages()).toHaveLength(1)

    await page.evaluate(() => {
      globalThis.open = () => null
    })
    await press(page, 'Sign in')
    await expect(problem(page)).toContainText('popup_blocked')
    expect(await count()).toEqual(before)
    expect(await transactions(page)).toEqual([])
    expect(forge.grants()).toHaveLength(RUNS + 1)
  })
})

test('a cancelled sign-in leaves no listener, timer or channel behind', async ({ page, context, site }) => {
  await page.addInitScript(countEffects)
  await page.goto(site.origin)
  const session = await context.newCDPSession(page)
  const count = async () => ({
    ...(await page.evaluate(() => (globalThis as unknown as { alive: () => object }).alive())),
    listeners: await countListeners(session, 'window'),
  })
  const before = await count()
  await openPopup(page)
  expect(await count()).not.toEqual(before)
  await press(page, 'Cancel')
  await expect(problem(page)).toContainText('popup_closed')
  expect(await count()).toEqual(before)
})
