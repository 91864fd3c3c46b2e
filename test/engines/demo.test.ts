import { onTestFinished } from 'vitest'
import { test } from './fixtures.ts'
import { authorize, button, expectText } from './person.ts'
import { serveDemo } from './site.ts'

test('the demo signs in, keeps the session over a reload and ends it', async ({ browser }) => {
  const { origin, close } = await serveDemo()
  onTestFinished(close)
  await browser.goto(origin)
  await browser.click(button('Sign in with GitLab'))
  await authorize(browser)
  await expectText(browser, 'heading', 'Signed in')
  await expectText(browser, 'name', 'Ada Okafor')
  await browser.reload()
  await expectText(browser, 'heading', 'Signed in')
  await browser.click(button('Sign out'))
  await expectText(browser, 'heading', 'Signed out')
  await browser.reload()
  await expectText(browser, 'heading', 'Signed out')
})
