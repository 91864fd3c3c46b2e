import { createServer } from 'node:http'
import type { Page } from '@playwright/test'
import { close, listen } from '../oidc-provider/listen.ts'
import { press, problem } from '../popup/fixtures.ts'
import { test as base, cookieKinds, expect, expectSignedIn, expectSignedOut, signIn } from './fixtures.ts'

/** `test` with a server of somebody else's, at whose pages people may be. */
const test = base.extend<{ port: number }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  port: async ({}, use) => {
    const server = createServer((_, res) =>
      res.writeHead(200, { 'content-type': 'text/html' }).end('<title>Prize draw</title>'),
    )
    await use(await listen(server))
    await close(server)
  },
})

const routes = [
  'session',
  'logout',
  'logout?provider=gitkraken',
  'api/gitkraken/boards',
  'login/gitkraken',
  'callback/gitkraken?code=C&state=S',
  'callback/gitkraken?error=access_denied&state=S',
]

/** Calls every route from a page of another origin, in all ways that script has; gives what it could read. */
const callAll = (page: Page, addresses: readonly string[]) =>
  page.evaluate(async (targets) => {
    const read: string[] = []
    const methods = ['GET', 'POST', 'HEAD']
    for (const target of targets) {
      for (const method of methods)
        for (const headers of [{}, { 'forgepass-csrf': '1' }])
          for (const mode of ['cors', 'no-cors'] as const) {
            const init = { method, headers, mode, credentials: 'include' } as const
            const response = await fetch(target, init).catch(() => undefined)
            if (response && response.type !== 'opaque') read.push(`${method} ${target} ${response.status}`)
          }
      const frame = document.createElement('iframe')
      frame.src = target
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
      document.body.append(frame)
      await loaded
      try {
        if (frame.contentDocument?.body.textContent) read.push(`frame ${target}`)
      } catch {}
    }
    return read
  }, addresses)

/** Posts a form to an address, as a page of its own. */
async function postForm(page: Page, address: string): Promise<void> {
  const navigated = page.waitForEvent('framenavigated')
  await page.evaluate((action) => {
    const form = document.createElement('form')
    Object.assign(form, { action, method: 'post', enctype: 'text/plain' })
    document.body.append(form)
    form.submit()
  }, address)
  await navigated
}

for (const [who, host, site] of [
  ['another site', '127.0.0.1', 'cross-site'],
  ['a sibling that gets the same cookies', 'localhost', 'same-site'],
] as const)
  test(`a page of ${who} changes and reads nothing, by fetch, frame or form`, async ({
    page,
    context,
    site: app,
    port,
    backend,
  }) => {
    await signIn(page, app.origin)
    const cookies = await context.cookies(app.origin)
    const asked = backend.calls.length
    const addresses = routes.map((route) => `${app.origin}/auth/${route}`)
    const evil = await context.newPage()
    await evil.goto(`http://${host}:${port}`)
    expect(await callAll(evil, addresses)).toEqual([])
    for (const address of addresses) {
      await evil.goto(`http://${host}:${port}`)
      await postForm(evil, address)
    }
    const foreign = backend.answered.filter((one) => one.site === site && !/callback/.test(one.path))
    expect(foreign.length).toBeGreaterThan(addresses.length * 3)
    expect(foreign.filter(({ status }) => status < 400)).toEqual([])
    expect(backend.calls).toHaveLength(asked)
    expect(await context.cookies(app.origin)).toEqual(cookies)
    await press(page, 'Read')
    await expect(page.locator('#answer')).toContainText('200')
    await page.reload()
    await expectSignedIn(page)
  })

for (const host of ['127.0.0.1', 'localhost'])
  test(`a link on a page at ${host} starts no sign-in`, async ({ page, context, site, port, backend }) => {
    await page.goto(`http://${host}:${port}`)
    await page.evaluate((href) => {
      const link = Object.assign(document.createElement('a'), { href, textContent: 'Win!' })
      document.body.append(link)
    }, `${site.origin}/auth/login/gitkraken`)
    await page.getByRole('link').click()
    await expect(page.locator('body')).toContainText('csrf')
    expect(await cookieKinds(context)).toEqual([])
    expect(backend.forge.requests).toEqual([])
  })

test('an address that the person types starts one', async ({ page, context, site, backend }) => {
  await page.goto(`${site.origin}/auth/login/gitkraken`)
  expect(page.url()).toContain(backend.forge.base)
  expect(await cookieKinds(context)).toEqual(['login'])
})

test('the address that brings somebody else back signs nobody in', async ({
  page,
  site,
  request,
  backend,
}) => {
  const started = await request.get(`${site.origin}/auth/login/gitkraken`, { maxRedirects: 0 })
  const callback = await backend.forge.visit(started.headers().location ?? '', { username: 'jonas' })
  expect(callback.searchParams.get('code')).toBeTruthy()
  await page.goto(callback.href)
  await expect(page.getByRole('heading')).toHaveText('This sign-in did not finish')
  await page.getByRole('link').click()
  await expectSignedOut(page)
  expect(backend.forge.grants()).toEqual([])
})

test('a planted cookie never becomes a session', async ({ page, context, site, port, backend }) => {
  const name = (kind: string) => `forgepass-${site.port}.${kind}.gitkraken`
  await page.goto(`http://localhost:${port}`)
  await page.evaluate(async (planted) => {
    await cookieStore.set(planted, '{"session":{"access_token":"x"}}')
    await cookieStore.set({ name: planted, value: 'a.b.c.d.e', path: '/auth' })
  }, name('session'))
  await page.goto(site.origin)
  await expectSignedOut(page)
  // A sealed cookie of the BFF, in the place of another.
  await press(page, 'Sign in')
  await expect(page).toHaveURL(/127\.0\.0\.1/)
  const [login] = (await context.cookies()).filter((cookie) => cookie.name.includes('.login.'))
  await context.addCookies([{ name: name('session'), value: login?.value ?? '', url: site.origin }])
  await page.goto(site.origin)
  await expectSignedOut(page)
  await press(page, 'Read')
  await expect(problem(page)).toContainText('session_required')
  expect(backend.calls).toEqual([])
})

test('a cookie that is there twice, in whatever case, is no session', async ({
  page,
  context,
  site,
  port,
}) => {
  await signIn(page, site.origin)
  const stranger = await context.newPage()
  await stranger.goto(`http://localhost:${port}`)
  const twin = `forgepass-${site.port}.session.gitkraken`.toUpperCase()
  await stranger.evaluate((name) => cookieStore.set({ name, value: 'planted', path: '/' }), twin)
  await press(page, 'Read')
  await expect(problem(page)).toContainText('session_required')
})

test('an error in an address says no more than its code, and leaves', async ({ page, site }) => {
  await page.goto(`${site.origin}/?a=%20b&c=d+e~'&forgepass_error=session_too_large#part`)
  await expect(problem(page)).toContainText('session_too_large')
  expect(page.url()).toBe(`${site.origin}/?a=%20b&c=d+e~%27#part`)
  await page.goto(`${site.origin}/?forgepass_error=Your+account+is+locked:+call+555-0100`)
  await expectSignedOut(page)
  await expect(page.locator('body')).not.toContainText('555')
})
