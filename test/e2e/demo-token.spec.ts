import { demo, expect, expectSignedIn, expectSignedOut, test } from './demo.ts'

const CHOICE = '?forge=gitkraken'

test.beforeEach(({ page }) => page.goto(`/${CHOICE}`))

test('shows what is wrong with a token that the forge does not know, and keeps it out', async ({ page }) => {
  const { token, useToken, problem } = demo(page)
  await token.fill('nobody-personal-token')
  await useToken.click()
  await expect(problem).toContainText('The forge does not take this token')
  await expect(problem).toContainText('Check that the token is complete, in date, and may read your profile.')
  await expect(problem).toContainText('token_refused')
  await expect(page.getByRole('status')).toHaveText('The forge does not take this token')
  await expect(useToken).toBeFocused()
  await expectSignedOut(page)
  await page.reload()
  await expectSignedOut(page)

  await page.getByRole('button', { name: 'Jonas’s token' }).click()
  await useToken.click()
  await expect(demo(page).account).toContainText('Jonas Lindqvist')
  await expect(problem).toBeHidden()
})

test('asks nobody about a field that holds no token', async ({ page, wire }) => {
  const { token, useToken, problem } = demo(page)
  for (const text of ['', 'schlüssel']) {
    await token.fill(text)
    await useToken.click()
    await expect(problem).toContainText('Paste the token as the forge has shown it.')
  }
  expect(wire.to('GET /v1/glo/user', 'gitkraken')).toEqual([])
})

test('takes a pasted token with the keyboard alone, and forgets it in the field', async ({ page }) => {
  const { token, signOut, heading } = demo(page)
  await token.focus()
  await page.keyboard.insertText(' ada-personal-token ')
  await page.keyboard.press('Enter')
  await expectSignedIn(page, CHOICE)
  await expect(page.locator('#scope')).toHaveText('Whatever its owner has allowed')
  await expect(page.locator('#expiry')).toHaveText('Good until the forge refuses it')
  await expect(demo(page).refresh).toBeHidden()
  await expect(heading).toBeFocused()
  await signOut.click()
  await expect(token).toHaveValue('')
})

test('leaves the token in no address and in no place but IndexedDB', async ({ page, context, wire }) => {
  await page.getByRole('button', { name: 'Ada’s token' }).click()
  await demo(page).useToken.click()
  await expectSignedIn(page, CHOICE)
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]),
  )
  const addresses = wire.requests.map((request) => request.url()).join(' ')
  const cookies = JSON.stringify(await context.cookies())
  for (const place of [kept, addresses, cookies]) expect(place).not.toContain('ada-personal-token')
})
