import { authorize, deny, press, problem } from '../popup/fixtures.ts'
import { expect, expectSignedIn, goToConsent, type Heard, status, test } from './fixtures.ts'
import { type Allowed, look, type Places, placesOf, strays } from './traces.ts'

/** What must not be found where it does not belong, as the wire between browser and forge shows it. */
function canariesOf(wire: string) {
  const all = (pattern: RegExp) => [...new Set([...wire.matchAll(pattern)].map(([, value = '']) => value))]
  return {
    codes: all(/&code=(\w+)/g),
    verifiers: all(/code_verifier=([\w.~-]{43,128}?)(?=HTTP|&|\s)/g),
    tokens: all(/"(?:access|refresh)_token":"(\w+)"/g),
  }
}

const codes: Allowed = {
  app: [/^GET \/callback\?code=•&state=[\w-]+ HTTP\/1\.1$/],
  forge: [
    /^location: http:\/\/localhost:\d+\/callback\?code=•&state=[\w-]+$/i,
    /^<html><body>You are being <a href="http:\/\/localhost:\d+\/callback\?code=•/,
    /^grant_type=authorization_code&code=•&/,
  ],
  // The browser's own note of how this document was come by, which no script can change.
  timings: [/^\{"name":"http:\/\/localhost:\d+\/callback\?code=•&state=[\w-]+","entryType":"navigation"/],
}
const verifiers: Allowed = { forge: [/^grant_type=authorization_code&code=\w+&.*&?code_verifier=•/] }
const tokens: Allowed = {
  forge: [
    /^\{"access_token":"(•",.*|\w+",.*"refresh_token":"•")/,
    /^authorization: Bearer •$/i,
    /^grant_type=refresh_token&refresh_token=•&client_id=tides/,
    /^client_id=tides&token=•&token_type_hint=(access|refresh)_token/,
  ],
}
const session: Allowed = { indexedDB: [/^\[\{.*"(access|refresh)_token":"•"/] }

const texts = ({ console, event, error, violation }: Heard): Places =>
  Object.fromEntries(
    Object.entries({ console, event, error, violation }).map(([place, lines]) => [place, lines.join('\n')]),
  )

for (const flow of ['redirect', 'popup'] as const)
  test.describe(`by ${flow}`, () => {
    test.use({ flow })

    test('no code, token or verifier is found where it does not belong', async ({
      page,
      context,
      site,
      forge,
      heard,
    }) => {
      test.setTimeout(60_000)
      site.headers['referrer-policy'] = 'no-referrer'
      const addresses: string[] = []
      context.on('request', (request) => addresses.push(request.url()))
      const kept: Record<string, Places> = {}
      const see = async (moment: string, one = page) => {
        kept[moment] = await look(one, context)
      }
      const witness = await context.newPage()
      await witness.goto(site.origin)
      await page.goto(site.origin)
      await deny(await goToConsent(page, flow)).click()
      await expect(problem(page)).toContainText('authorization_error')
      await see('denied')
      await page.goto(site.origin)
      const window = await goToConsent(page, flow)
      await see('under way', witness)
      await authorize(window).click()
      await expectSignedIn(page)
      await see('signed in')
      await press(page, 'Read')
      await expect(page.locator('#answer')).toHaveText('200')
      await page.evaluate(() => {
        ahead = 3 * 3600_000
      })
      await press(page, 'Read')
      await expect(page.locator('#answer')).toHaveText('200')
      await see('refreshed')
      await press(page, 'Fail')
      await expect(problem(page)).toContainText('resource_not_allowed')
      forge.fault('lost-reply')
      await page.evaluate(() => {
        ahead *= 2
      })
      await press(page, 'Read')
      await expect(problem(page)).toContainText(/network_error|bad_status/)
      await see('reply lost')
      forge.fault(undefined)
      await press(page, 'Read')
      await expect(problem(page)).toContainText('login_required')
      await see('ended')
      await authorize(await goToConsent(page, flow)).click()
      await expectSignedIn(page)
      await press(page, 'Sign out')
      await expect(page.locator('#answer')).toHaveText('revoked: true')
      await expect(status(page)).toHaveText('Signed out')
      await see('signed out')

      const wires = { app: site.text(), forge: forge.text() }
      const found = canariesOf(wires.forge)
      expect(found).toMatchObject({ codes: { length: 2 }, verifiers: { length: 2 } })
      expect(found.tokens.length).toBeGreaterThanOrEqual(6)
      const all = Object.values(found).flat()
      const told = texts(heard)
      expect(told.event).toContain('ada')
      expect(told.error).toContain('refresh_outcome_unknown')

      expect(strays(told, all), 'what was told').toEqual([])
      expect(strays(wires, found.codes, codes), 'codes on the wire').toEqual([])
      expect(strays(wires, found.verifiers, verifiers), 'verifiers on the wire').toEqual([])
      expect(strays(wires, found.tokens, tokens), 'tokens on the wire').toEqual([])
      const callbacks = addresses.filter((address) => address.startsWith(`${site.origin}/callback?`))
      const others = addresses.filter((address) => !callbacks.includes(address))
      expect(strays({ addresses: others.join('\n') }, all), 'addresses').toEqual([])
      expect(strays({ addresses: callbacks.join('\n') }, [...found.tokens, ...found.verifiers])).toEqual([])

      for (const [moment, places] of Object.entries(kept)) {
        const { localStorage = '', ...elsewhere } = places
        const now =
          moment === 'under way' ? { localStorage: [/"code_verifier":"•"/, /code_verifier\\":\\"•/] } : {}
        expect(strays({ localStorage }, found.verifiers, now), `${moment}: verifiers`).toEqual([])
        expect(strays({ localStorage }, [...found.codes, ...found.tokens]), moment).toEqual([])
        expect(strays(elsewhere, found.codes, codes), `${moment}: codes`).toEqual([])
        expect(strays(elsewhere, found.verifiers), moment).toEqual([])
        expect(strays(elsewhere, found.tokens, session), `${moment}: tokens`).toEqual([])
      }
      // The search finds what is there, and nothing stays behind a session that has ended.
      expect(placesOf(kept['under way'] ?? {}, found.verifiers[0] ?? '')).toEqual(['localStorage'])
      expect(placesOf(kept['signed in'] ?? {}, found.tokens[0] ?? '')).toEqual(['indexedDB'])
      for (const moment of ['ended', 'signed out'])
        expect(strays(kept[moment] ?? {}, all, { timings: codes.timings ?? [] }), moment).toEqual([])
    })
  })

test('without a word about Referer, the page alone hears of the code, by its own first script', async ({
  page,
  site,
  forge,
}) => {
  await page.goto(site.origin)
  await authorize(await goToConsent(page, 'redirect')).click()
  await expectSignedIn(page)
  await press(page, 'Read')
  await expect(page.locator('#answer')).toHaveText('200')
  const [code = ''] = canariesOf(forge.text()).codes
  const referers = site.text().match(/^referer: .*$/gim) ?? []
  expect(strays({ forge: forge.text() }, [code], codes)).toEqual([])
  // Asked for before any script has run, from where the page itself came.
  expect(new Set(referers.filter((line) => line.includes(code))).size).toBeLessThanOrEqual(1)
  expect(
    strays({ app: site.text() }, [code], { app: [...(codes.app ?? []), /^referer: .*\/callback\?code=•/i] }),
  ).toEqual([])
})

test('the search finds a value in every way of writing it', () => {
  const value = 'k7Qd/+0bZ=x9~Wq_Lm'
  const encodings = ['base64', 'base64url', 'hex', 'utf8'] as const
  for (const text of ['', 'x', 'xy'].map((before) => before + value + before))
    for (const encoding of encodings) {
      const there = `{"a":"${Buffer.from(text).toString(encoding)}"}`
      expect(placesOf({ there, elsewhere: 'nothing' }, value)).toEqual(['there'])
    }
  expect(placesOf({ address: `https://a.example/?${new URLSearchParams({ value })}` }, value)).toEqual([
    'address',
  ])
  expect(strays({ there: `first ${value}, again ${value}` }, [value], { there: [/^first •/] })).toHaveLength(
    1,
  )
  expect(strays({ there: `first ${value}` }, [value], { there: [/^first •/] })).toEqual([])
})
