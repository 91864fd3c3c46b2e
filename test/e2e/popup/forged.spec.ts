import type { Page } from '@playwright/test'
import {
  approve,
  expect,
  expectSignedIn,
  expectSignedOut,
  goToConsent,
  test,
  transactions,
} from './fixtures.ts'

/** Lets the page's scripts have the window that `open` gave, as a test needs it to say who a message is from. */
const keepChild = () => {
  const real = globalThis.open
  globalThis.open = (...args) => Object.assign(globalThis, { child: real(...args) }).child
}

/** An answer to the sign-in under way that is right in all but who sends it. */
async function answerOf(page: Page, origin: string): Promise<string> {
  const [state] = await transactions(page)
  return `${origin}/callback?code=FORGED&state=${state}`
}

/** Sends messages to the page as the browser would, but in any shape and from anywhere. */
const send = (page: Page, answer: string) =>
  page.evaluate((good) => {
    const { child } = globalThis as unknown as { child: Window }
    const url = new URL(good)
    const touched: string[] = []
    const deliver = (data: unknown, more: MessageEventInit = {}) =>
      dispatchEvent(new MessageEvent('message', { data, origin, source: child, ...more }))

    for (const other of [
      `${origin}.evil`,
      origin.replace(/\d+$/, '1'),
      origin.replace('http:', 'https:'),
      'null',
      '',
    ])
      deliver(good, { origin: other })
    const iframe = document.body.appendChild(document.createElement('iframe'))
    for (const source of [null, window, iframe.contentWindow]) deliver(good, { source })

    const trap = new Proxy(
      {},
      {
        get(_, name) {
          touched.push(String(name))
          return name === Symbol.toPrimitive ? () => good : undefined
        },
      },
    )
    const disguised = {
      url: good,
      href: good,
      toString() {
        touched.push('toString')
        return good
      },
      get type() {
        touched.push('type')
        return 'forgepass'
      },
    }
    const wrongState = new URL(good)
    wrongState.searchParams.set('state', 'A'.repeat(43))
    const noState = new URL(good)
    noState.searchParams.delete('state')
    const shapes: unknown[] = [undefined, null, 0, true, false, '', 'text', url.search, [], [good], {}, trap]
    shapes.push(disguised, new String(good), new URL(good), wrongState.href, noState.href)
    shapes.push(good.replace('/callback', '/callback/'), good.replace('/callback', '/other'))
    shapes.push(good.replace('http:', 'https:'), good.replace('localhost', 'localhost.evil'))
    shapes.push(good.replace('localhost', 'user@127.0.0.1'), `javascript:${good}`, `blob:${good}`)
    for (const data of shapes) deliver(data)
    return touched
  }, answer)

test('takes no message of another origin, another window, another state or another shape', async ({
  page,
  site,
  forge,
}) => {
  await page.addInitScript(keepChild)
  const window = await goToConsent(page, site.origin)
  const answer = await answerOf(page, site.origin)
  expect(await send(page, answer), 'members of a message that were looked at').toEqual([])
  await expectSignedOut(page)
  expect(forge.grants()).toEqual([])
  // And still waits for the right one.
  await approve(window)
  await expectSignedIn(page)
  expect(forge.grants()).toEqual(['authorization_code'])
})

test('takes what the right window sends, so that the others were refused for what they are', async ({
  page,
  site,
  forge,
}) => {
  await page.addInitScript(keepChild)
  await goToConsent(page, site.origin)
  const answer = await answerOf(page, site.origin)
  await page.evaluate((data) => {
    const { child } = globalThis as unknown as { child: Window }
    dispatchEvent(new MessageEvent('message', { data, origin, source: child }))
  }, answer)
  await expect(page.getByRole('alert')).toContainText('invalid_grant')
  expect(forge.grants()).toEqual(['authorization_code'])
})

test('takes no real message of the forge’s page, of a frame or of the page itself', async ({
  page,
  site,
  forge,
}) => {
  const window = await goToConsent(page, site.origin)
  const answer = await answerOf(page, site.origin)
  await window.evaluate((data) => opener.postMessage(data, '*'), answer)
  await page.evaluate((data) => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    frame.contentWindow?.setTimeout(`parent.postMessage(${JSON.stringify(data)}, '*')`)
    postMessage(data, '*')
  }, answer)
  const evil = await page.evaluate((data) => {
    const frame = document.createElement('iframe')
    const script = `parent.postMessage(${JSON.stringify(data)}, '*')`
    frame.srcdoc = `<script>${script}</script>`
    frame.setAttribute('sandbox', 'allow-scripts')
    document.body.append(frame)
    return new Promise<string>((resolve) => {
      addEventListener('message', ({ origin }) => origin === 'null' && resolve(origin))
    })
  }, answer)
  expect(evil).toBe('null')
  await expectSignedOut(page)
  expect(forge.grants()).toEqual([])
  await approve(window)
  await expectSignedIn(page)
})

test('takes no answer to another sign-in from the channel of this one', async ({ page, site, forge }) => {
  const window = await goToConsent(page, site.origin)
  const answer = await answerOf(page, site.origin)
  await page.evaluate((good) => {
    const state = `${new URL(good).searchParams.get('state')}`
    const channel = new BroadcastChannel(`forgepass ${state}`)
    const other = good.replace(state, 'A'.repeat(43))
    for (const data of [other, { url: good }, [good], true, null, good.replace('/callback', '/other')])
      channel.postMessage(data)
  }, answer)
  await expectSignedOut(page)
  expect(forge.grants()).toEqual([])
  await approve(window)
  await expectSignedIn(page)
})

test('the popup takes no word from a stranger that its answer has arrived', async ({
  page,
  context,
  site,
}) => {
  // The opener cannot answer, and somebody else says that it did.
  await context.addInitScript(() => {
    if (location.pathname !== '/callback') return
    setInterval(() => {
      dispatchEvent(new MessageEvent('message', { data: true, origin, source: null }))
      postMessage(true, '*')
    }, 10)
  })
  const window = await goToConsent(page, site.origin)
  await page.reload()
  await window.getByRole('button', { name: 'Authorize', exact: true }).click()
  await expectSignedIn(window)
})
