import {
  approve,
  authorize,
  expect,
  expectSignedIn,
  goToConsent,
  openPopup,
  signInAtForge,
  test,
} from './fixtures.ts'

/** Writes down to whom a popup and its opener address their messages, and what these hold. */
const watchMessages = () => {
  if (!location.href.startsWith('http://localhost')) return
  const note = (line: string) =>
    localStorage.setItem('noted', `${localStorage.getItem('noted') ?? ''}${line}\n`)
  const said = (data: unknown) => (data === true ? 'taken' : new URL(`${data}`).pathname)
  // Who wraps the method is who the browser takes for the sender.
  const wrap = (target: Window) => {
    const { postMessage } = target
    target.postMessage = (...args: unknown[]) => {
      note(`window to ${args[1]}: ${said(args[0])}`)
      return Reflect.apply(postMessage, target, args)
    }
  }
  Object.assign(globalThis, { wrap })
  if (opener) {
    wrap(opener)
    opener.wrap(globalThis)
  }
  const { postMessage } = BroadcastChannel.prototype
  BroadcastChannel.prototype.postMessage = function (data: unknown) {
    if (/^forgepass [\w-]{43}$/.test(this.name)) note(`channel: ${said(data)}`)
    return Reflect.apply(postMessage, this, [data])
  }
}

const noted = (value: string | null) => (value ?? '').trim().split('\n').sort()

test('speaks to windows of its own origin only, by name', async ({ page, context, site, forge }) => {
  await context.addInitScript(watchMessages)
  const window = await goToConsent(page, site.origin)
  await approve(window)
  await expectSignedIn(page)
  const lines = noted(await page.evaluate(() => localStorage.getItem('noted')))
  expect(lines).toContain('channel: /callback')
  expect(lines).toContain(`window to ${site.origin}: /callback`)
  const others = lines.filter((line) => !line.startsWith(`window to ${site.origin}: `))
  expect(others.filter((line) => !line.startsWith('channel: '))).toEqual([])
  // Whatever the number of ways, one delivery counts.
  expect(forge.grants()).toEqual(['authorization_code'])
})

test('comes back without BroadcastChannel, by its opener, and both name whom they speak to', async ({
  page,
  context,
  site,
  forge,
}) => {
  await context.addInitScript(watchMessages)
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'BroadcastChannel'))
  const window = await goToConsent(page, site.origin)
  await approve(window)
  await expectSignedIn(page)
  const lines = noted(await page.evaluate(() => localStorage.getItem('noted')))
  expect(lines).toEqual([`window to ${site.origin}: /callback`, `window to ${site.origin}: taken`])
  expect(forge.grants()).toEqual(['authorization_code'])
})

test('comes back without an opener, by BroadcastChannel', async ({ page, context, site, forge }) => {
  await context.addInitScript(() => Object.defineProperty(globalThis, 'opener', { value: null }))
  const window = await goToConsent(page, site.origin)
  await approve(window)
  await expectSignedIn(page)
  expect(forge.grants()).toEqual(['authorization_code'])
})

for (const [callback, end] of [
  ['client', 'Signed out'],
  ['relay', 'Nobody took it'],
] as const)
  test.describe(`with the ${callback} on the callback page`, () => {
    test.use({ callback })

    test('tells a window of another origin nothing, though that has opened the page', async ({
      page,
      context,
      site,
      forge,
    }) => {
      const heard: string[] = []
      await page.exposeFunction('note', (line: string) => heard.push(line))
      await page.goto(forge.base)
      const opened = context.waitForEvent('page')
      await page.evaluate(
        (address) => {
          const { note } = globalThis as unknown as { note: (line: string) => void }
          addEventListener('message', ({ data }) => note(`${data}`))
          open(address)
        },
        `${site.origin}/callback?code=C&state=${'S'.repeat(43)}`,
      )
      const victim = await opened
      await expect(victim.locator('#status')).toHaveText(end)
      expect(victim.url()).toBe(`${site.origin}/callback`)
      expect(heard).toEqual([])
    })
  })

test('two sign-ins at once end each in the window that began it', async ({ page, context, site, forge }) => {
  const other = await context.newPage()
  await signInAtForge(context, forge.base)
  await page.goto(site.origin)
  await other.goto(site.origin)
  const windows = [await openPopup(page), await openPopup(other)]
  for (const window of windows) await authorize(window).click()
  await expectSignedIn(page)
  await expectSignedIn(other)
  expect(forge.grants()).toEqual(['authorization_code', 'authorization_code'])
})
