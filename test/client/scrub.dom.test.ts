import { describe, expect, it } from 'vitest'
import { createLateStorage, failure } from './app.ts'
import { arrive, startPage } from './page.ts'

/** What the address of the page shows below its origin. */
const shown = () => location.href.slice(location.origin.length)

describe('the address of the page', () => {
  const outcomes: [string, (state: string) => string, string | undefined][] = [
    ['a sign-in', (state) => `?code=SECRET&state=${state}`, undefined],
    ['a wrong state', (state) => `?code=SECRET&state=${state}x`, 'state_mismatch'],
    ['no state', () => '?code=SECRET', 'state_missing'],
    ['two states', (state) => `?code=SECRET&state=${state}&state=${state}`, 'duplicate_parameter'],
    ['two codes', (state) => `?code=SECRET&code=SECRET&state=${state}`, 'duplicate_parameter'],
    [
      'a denial',
      (state) => `?error=SECRET&error_description=SECRET&error_uri=SECRET&state=${state}`,
      'authorization_error',
    ],
    ['a code and an error', (state) => `?code=SECRET&error=SECRET&state=${state}`, 'malformed_response'],
    ['a wrong issuer', (state) => `?code=SECRET&state=${state}&iss=SECRET`, 'issuer_mismatch'],
    ['a code in the fragment', (state) => `#code=SECRET&state=${state}`, 'response_mode_mismatch'],
    [
      'a token',
      (state) => `#access_token=SECRET&token_type=x&refresh_token=SECRET&state=${state}`,
      'response_type_mismatch',
    ],
    ['both', (state) => `?code=SECRET&state=${state}#access_token=SECRET`, 'mixed_response'],
    ['an encoded name', (state) => `?c%6fde=SECRET&%73tate=${state}`, undefined],
  ]
  it.each(outcomes)('G1: is scrubbed at once after %s', async (_, callback, code) => {
    const page = startPage()
    const state = (await page.start()).get('state') ?? ''
    page.comeBack(callback(state))
    const entries = history.length
    const done = page.client.callback()
    // Nothing has waited yet.
    expect(location.href).not.toMatch(/SECRET/)
    expect(location.href).not.toContain(state)
    expect(history.length).toBe(entries)
    if (code) expect(await failure(done)).toMatchObject({ code })
    else expect(await done).toBeDefined()
    expect(location.href).not.toMatch(/SECRET/)
  })

  it('security 19: holds no code when the first request goes out', async () => {
    const page = startPage()
    const request = await page.start()
    let seen = ''
    page.answers.token = (asked) => {
      seen = location.href
      return page.issue(asked)
    }
    page.comeBack(`?code=SECRET&state=${request.get('state')}`)
    await page.client.callback()
    expect(seen).toBe(page.redirect_uri)
  })

  it.each([
    ['?tab=1&code=C&state=S&x=%20+%C3%A4&flag&tab=2#part', '?tab=1&x=%20+%C3%A4&flag&tab=2#part'],
    ['?code=C&tab=1&state=S#/route?code=mine', '?tab=1#/route?code=mine'],
    ['?code=C&state=S#', ''],
    ['?a=1#tab=1&code=C&state=S&x=2', '?a=1#tab=1&x=2'],
    ['?codex=1&code=C&state=S&my_state=2', '?codex=1&my_state=2'],
  ])('G1: keeps what is the app’s own in %s', async (before, after) => {
    const page = startPage()
    const state = (await page.start()).get('state') ?? ''
    page.comeBack(before.replace('=S', `=${state}`))
    await page.client.callback().catch(() => {})
    // The page that was left is shown afterwards; the address in between was seen by the app.
    const again = startPage()
    const other = (await again.start()).get('state') ?? ''
    again.comeBack(before.replace('=S', `=${other}x`))
    await failure(again.client.callback())
    expect(location.href.replace(/#$/, '')).toBe(again.redirect_uri + after)
  })

  it.each([
    '',
    '?tab=1#part',
    '?state=S',
    '#/route?code=C&state=S',
    '#!/code=C&state=S',
    '?scope=all#state=S',
    '#code',
  ])('H1, H18: stays as it is with %j', async (parameters) => {
    const page = startPage()
    await page.start()
    page.comeBack(parameters)
    const before = location.href
    expect(await page.client.callback()).toBeUndefined()
    expect(location.href).toBe(before)
  })

  it('stays as it is on another page, and where the response is another client’s', async () => {
    const page = startPage()
    const state = (await page.start()).get('state')
    arrive('/elsewhere?code=C&state=unknown')
    expect(await page.client.callback()).toBeUndefined()
    expect(shown()).toBe('/elsewhere?code=C&state=unknown')
    page.comeBack(`?code=C&state=${state}`)
    const other = page.open({ client_id: 'other' })
    expect(await other.callback()).toBeUndefined()
    expect(location.search).toBe(`?code=C&state=${state}`)
    expect(await page.client.callback()).toBeDefined()
  })

  it('H20: is scrubbed of the client’s own response on another path too', async () => {
    const page = startPage()
    const state = (await page.start()).get('state')
    arrive(`/elsewhere?code=SECRET&state=${state}&tab=1`)
    expect(await failure(page.client.callback())).toMatchObject({ code: 'redirect_uri_mismatch' })
    expect(shown()).toBe('/elsewhere?tab=1')
  })

  it('keeps the state of its history entry', async () => {
    const page = startPage()
    const state = (await page.start()).get('state')
    history.replaceState({ router: 7 }, '', `${page.redirect_uri}?code=C&state=${state}`)
    await page.client.callback()
    expect(history.state).toEqual({ router: 7 })
    history.replaceState(null, '', '/')
  })

  it('is scrubbed where the transactions answer later', async () => {
    const page = startPage({ transactions: createLateStorage() })
    const state = (await page.start()).get('state')
    page.comeBack(`?code=SECRET&state=${state}`)
    const done = page.client.callback()
    expect(location.href).toBe(page.redirect_uri)
    expect(await done).toMatchObject({ session: { scope: 'read_user' } })
  })
})

describe('after the sign-in', () => {
  it('the page shows where it was started, in the same history entry', async () => {
    const page = startPage()
    arrive('/projects?tab=1#part')
    const state = (await page.start()).get('state')
    page.comeBack(`?code=C&state=${state}`)
    const entries = history.length
    expect(await page.client.callback()).toMatchObject({ return_to: '/projects?tab=1#part' })
    expect(shown()).toBe('/projects?tab=1#part')
    expect(history.length).toBe(entries)
  })

  it('the app may show it by itself', async () => {
    const seen: string[] = []
    const page = startPage({ navigate: (return_to: string) => seen.push(return_to) })
    const state = (await page.start({ return_to: '/mine' })).get('state')
    page.comeBack(`?code=C&state=${state}`)
    await page.client.callback()
    expect(seen).toEqual(['/mine'])
    expect(location.href).toBe(page.redirect_uri)
  })

  it('security 22: the page never shows another origin', async () => {
    for (const return_to of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example/',
      '/.//evil.example',
    ]) {
      const page = startPage()
      const state = (await page.start({ return_to })).get('state')
      page.comeBack(`?code=C&state=${state}`)
      await page.client.callback()
      expect(shown()).toBe('/')
    }
  })
})
