import { beforeEach, describe, expect, it } from 'vitest'
import { failure, json } from './app.ts'
import { byImplicit, fragment, tellAudience } from './implicit-app.ts'
import { startPage } from './page.ts'

const CHANGES: Record<string, string>[] = [
  {},
  { refresh_token: 'SECRET-RT' },
  { state: 'wrong' },
  { token_type: 'mac' },
  { error: 'SECRET' },
]

describe('a token in the address of the page', () => {
  beforeEach(() => localStorage.clear())

  it.each(CHANGES)('security 31: is scrubbed before anything waits: %j', async (changes) => {
    const page = startPage({ ...byImplicit(), storage: undefined, transactions: undefined } as object)
    page.answers.rest = tellAudience('spa')
    const state = (await page.start()).get('state')
    page.comeBack(`?tab=1${fragment(state, { access_token: 'SECRET-AT', ...changes })}`)
    const entries = history.length
    const done = page.client.callback().catch(() => {})
    // Nothing has waited yet.
    expect(location.href).toBe(`${page.redirect_uri}?tab=1`)
    expect(history.length).toBe(entries)
    await done
    const left = [location.href, { ...localStorage }, { ...sessionStorage }, document.cookie]
    expect(JSON.stringify(left)).not.toMatch(/SECRET/)
  })

  it('security 30, 31: is gone when the forge is asked whose it is', async () => {
    const page = startPage(byImplicit())
    const seen: string[] = []
    const note = (answer: typeof page.answers.rest) => (request: Request) => {
      seen.push(`${request.headers.get('authorization')} ${location.href}`)
      return answer(request)
    }
    page.answers.rest = note(tellAudience('spa'))
    page.answers.user = note(() => json({ id: 7, username: 'ada' }))
    page.comeBack(fragment((await page.start({ return_to: '/page?x=1' })).get('state')))
    expect(await page.client.callback()).toMatchObject({ session: { account: { username: 'ada' } } })
    expect(seen).toEqual(Array(2).fill(`Bearer AT-implicit ${page.redirect_uri}`))
    expect(location.href).toBe(`${location.origin}/page?x=1`)
  })

  it('keeps the sign-in in localStorage without a verifier, and takes it once', async () => {
    const page = startPage({ ...byImplicit(), transactions: undefined } as object)
    page.answers.rest = tellAudience('spa')
    const state = (await page.start()).get('state')
    expect(JSON.parse(localStorage[`forgepass.tx.${state}`])).toMatchObject({ state, code_verifier: '' })
    const [first, second] = [page.client, page.open()].map((client) => {
      page.comeBack(fragment(state))
      return client.callback()
    })
    expect(await first).toMatchObject({ session: expect.anything() })
    expect(await second).toEqual(await first)
    await page.client.logout()
    page.comeBack(fragment(state))
    expect(await failure(page.client.callback())).toMatchObject({ code: 'state_replayed' })
  })
})
