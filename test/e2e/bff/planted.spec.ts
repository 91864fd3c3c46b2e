import type { BrowserContext, Page } from '@playwright/test'
import { authorize, deny, openPopup, press, problem } from '../popup/fixtures.ts'
import {
  type Backend,
  expect,
  expectSignedIn,
  expectSignedOut,
  SECRET,
  signIn,
  signInByPopup,
  test,
} from './fixtures.ts'

/** The three ways in which Base64 writes a value, by where it stands in what is encoded; without its uncertain ends. */
const base64 = (value: string): string[] =>
  [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
    const text = bytes.toString('base64').replaceAll('=', '')
    return text.slice(offset && offset + 1, bytes.length % 3 ? -1 : undefined)
  })

/** How a value may look where it should not be. */
const formsOf = (value: string): string[] => {
  const encoded = base64(value)
  const url = encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  const form = new URLSearchParams({ value }).toString().slice('value='.length)
  const hex = Buffer.from(value).toString('hex')
  const all = [value, encodeURIComponent(value), form, JSON.stringify(value).slice(1, -1), hex]
  return [...all, ...encoded, ...url].map((text) => text.toLowerCase())
}

/** Where in these places any of the values is. */
function find(places: Readonly<Record<string, string>>, values: readonly string[]): string[] {
  const forms = values.flatMap(formsOf)
  return Object.entries(places)
    .filter(([, text]) => forms.some((form) => text.toLowerCase().includes(form)))
    .map(([place]) => place)
}

/** All that script of the page can read. */
const readPage = (page: Page) =>
  page.evaluate(async () => {
    const databases: unknown[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      for (const store of database.objectStoreNames)
        databases.push(
          await new Promise((resolve) => {
            const request = database.transaction(store).objectStore(store).getAll()
            request.onsuccess = () => resolve(request.result)
          }),
        )
      database.close()
    }
    const cached: string[] = []
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys())
        cached.push(request.url, (await (await caches.match(request))?.text()) ?? '')
    return {
      localStorage: JSON.stringify({ ...localStorage }),
      sessionStorage: JSON.stringify({ ...sessionStorage }),
      indexedDB: JSON.stringify(databases),
      cacheStorage: cached.join('\n'),
      documentCookie: document.cookie,
      historyState: JSON.stringify(history.state),
      document: document.documentElement.outerHTML,
      snapshot: JSON.stringify(client.snapshot),
      session: JSON.stringify(await client.session().catch(String)),
    }
  })

/** All that the browser keeps of the page. */
async function look(page: Page, context: BrowserContext): Promise<Record<string, string>> {
  const session = await context.newCDPSession(page)
  const { entries } = await session.send('Page.getNavigationHistory')
  await session.detach()
  const kept = { history: JSON.stringify(entries), cookieJar: JSON.stringify(await context.cookies()) }
  return { ...(await readPage(page)), ...kept }
}

/** The values that no browser may see. */
const planted = ({ tokens }: Backend) => [SECRET, ...tokens()]

/** Fails if a page speaks to anybody but its own server and the forge, or by other means than requests. */
function watchPeers(context: BrowserContext, peers: readonly string[]): string[] {
  const others: string[] = []
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (!peers.includes(origin) && protocol !== 'data:') others.push(request.url())
  })
  context.on('page', (page) => page.on('websocket', (socket) => others.push(socket.url())))
  return others
}

for (const flow of ['redirect', 'popup'] as const)
  test.describe(`by ${flow}`, () => {
    test.use({ kind: 'gitlab', flow })

    test('neither secret nor token reaches the browser: sign-in, call, refresh, errors, sign-out', async ({
      page,
      context,
      site,
      built,
      backend,
    }) => {
      const others = watchPeers(context, [site.origin, backend.forge.base])
      if (flow === 'popup') await signInByPopup(page, site.origin)
      else await signIn(page, site.origin)
      const signedIn = await look(page, context)
      await press(page, 'Read')
      await expect(page.locator('#answer')).toContainText('200')

      backend.clock.ahead = 3 * 3600_000
      await press(page, 'Read')
      await expect.poll(backend.forge.grants).toEqual(['authorization_code', 'refresh_token'])
      await page.reload()
      await expectSignedIn(page)
      const refreshed = await look(page, context)

      await page.evaluate(() => client.fetch('nowhere').then((response) => response.text()))
      backend.forge.revokeAll()
      await press(page, 'Read')
      await expect(problem(page)).toContainText('login_required')
      const failed = await look(page, context)

      const window = flow === 'popup' ? await openPopup(page) : page
      if (flow === 'redirect') await press(page, 'Sign in')
      await authorize(window).click()
      await expectSignedIn(page)
      await press(page, 'Sign out')
      await expect(page.locator('#answer')).toHaveText('revoked: true')
      const signedOut = await look(page, context)

      expect(backend.tokens().length).toBe(6)
      const wires = { app: site.text(), forge: backend.forge.text() }
      const bundle = [...built.values()].map((file) => Buffer.from(file).toString('latin1')).join('\n')
      for (const kept of [signedIn, refreshed, failed, signedOut])
        expect(find(kept, planted(backend))).toEqual([])
      expect(find({ ...wires, bundle }, planted(backend))).toEqual([])
      expect(others).toEqual([])
    })
  })

test('nor at GitKraken, also when the person denies', async ({ page, context, site, backend }) => {
  await signIn(page, site.origin)
  await press(page, 'Read')
  await expect(page.locator('#answer')).toContainText('200')
  await press(page, 'Sign in')
  await deny(page).click()
  await expect(problem(page)).toContainText('authorization_error')
  const denied = await look(page, context)
  await press(page, 'Sign out')
  await expectSignedOut(page)
  expect(backend.tokens()).toHaveLength(1)
  const wires = { app: site.text(), forge: backend.forge.text() }
  expect(find({ ...denied, ...wires, ...(await look(page, context)) }, planted(backend))).toEqual([])
})

test('the search finds what is there, in every form and wherever it stands', async ({
  page,
  site,
  backend,
}) => {
  await page.goto(site.origin)
  for (const text of ['', 'x', 'xy'].map((before) => before + SECRET + before))
    for (const encoding of ['base64', 'base64url', 'hex', 'utf8'] as const)
      expect(find({ there: `{"a":"${Buffer.from(text).toString(encoding)}"}` }, [SECRET])).toEqual(['there'])
  expect(
    find({ there: encodeURIComponent(SECRET), form: `${new URLSearchParams({ SECRET })}` }, [SECRET]),
  ).toEqual(['there', 'form'])
  // And the wires hold what went over them.
  await page.evaluate((secret) => fetch('/auth/nowhere', { headers: { planted: btoa(secret) } }), SECRET)
  expect(find({ app: site.text(), forge: backend.forge.text() }, [SECRET])).toEqual(['app'])
})
