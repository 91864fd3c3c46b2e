import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { redirect } from '../../src/index.ts'
import { failure, json, until } from './app.ts'
import { startPage } from './page.ts'

describe('a client in a page', () => {
  beforeEach(() => localStorage.clear())

  it('resolves a redirect_uri that is a path when the sign-in starts', async () => {
    const page = startPage({ redirect_uri: '/signed-in' })
    const request = await page.start()
    expect(request.get('redirect_uri')).toBe(`${location.origin}/signed-in`)
    history.replaceState(null, '', `/signed-in?code=C&state=${request.get('state')}`)
    expect(await page.client.callback()).toMatchObject({ session: { scope: 'read_user' } })
    expect(page.exchanges()[0]?.body.get('redirect_uri')).toBe(`${location.origin}/signed-in`)
  })

  it('StrictMode: gives two calls at once one sign-in, and both its result', async () => {
    const page = startPage()
    page.comeBack(`?code=C&state=${(await page.start()).get('state')}`)
    const [first, second] = await Promise.all([page.client.callback(), page.client.callback()])
    expect(first).toMatchObject({ session: { scope: 'read_user' } })
    expect(second).toEqual(first)
    expect(page.exchanges()).toHaveLength(1)
    expect(await page.client.callback()).toBeUndefined()
  })

  it('StrictMode: gives two calls at once one failure', async () => {
    const page = startPage()
    page.answers.token = () => json({ error: 'invalid_grant' }, { status: 400 })
    page.comeBack(`?code=C&state=${(await page.start()).get('state')}`)
    const calls = [page.client.callback(), page.client.callback()].map(failure)
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ error: 'invalid_grant' })
    expect(page.exchanges()).toHaveLength(1)
  })

  it('StrictMode: agrees with another client of its kind, which is kept in memory too', async () => {
    const page = startPage({ storage: undefined } as object)
    const twin = page.open()
    page.comeBack(`?code=C&state=${(await page.start()).get('state')}`)
    const [first, second] = await Promise.all([page.client.callback(), twin.callback()])
    expect(second).toEqual(first)
    expect(twin.snapshot).toBeTruthy()
    await until(() => expect(page.client.snapshot?.account).toBeDefined())
    await until(() => expect(twin.snapshot).toEqual(page.client.snapshot))
    expect(await twin.accessToken()).toBe(await page.client.accessToken())
    expect(page.exchanges()).toHaveLength(1)
    await page.client.logout()
    await until(() => expect(twin.snapshot).toBeNull())
    expect(await failure(twin.accessToken())).toMatchObject({ code: 'signed_out' })
  })

  it('security 40, 41, 45: leaves no token behind, and its transactions in localStorage', async () => {
    const page = startPage({ storage: undefined, transactions: undefined } as object)
    const state = (await page.start()).get('state')
    expect(Object.keys(localStorage)).toEqual([`forgepass.tx.${state}`])
    page.comeBack(`?code=CODE-1&state=${state}`)
    await page.client.callback()
    expect(await page.client.accessToken()).toBe('AT-1')
    await until(() => expect(page.client.snapshot?.account).toBeDefined())
    const verifier = page.exchanges()[0]?.body.get('code_verifier') ?? ''
    const left = [
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      document.documentElement.outerHTML,
    ]
    for (const secret of ['AT-1', 'RT-1', 'CODE-1', verifier])
      expect(JSON.stringify(left)).not.toContain(secret)
    expect(document.cookie).toBe('')
    expect(sessionStorage.length).toBe(0)
  })

  it('security 43, 44: takes a damaged transaction for none', async () => {
    const page = startPage({ transactions: undefined } as object)
    const state = (await page.start()).get('state')
    localStorage.setItem(`forgepass.tx.${state}`, '{"client":')
    page.comeBack(`?code=C&state=${state}`)
    expect(await failure(page.client.callback())).toMatchObject({ code: 'state_mismatch' })
    expect(page.sent).toEqual([])
  })

  it('leaves what others keep in localStorage alone', async () => {
    localStorage.setItem('forgepass', 'mine')
    localStorage.setItem('other.tx.1', 'theirs')
    const page = startPage({ transactions: undefined } as object)
    for (let count = 0; count < 30; count += 1) await page.start()
    expect(localStorage.getItem('forgepass')).toBe('mine')
    expect(localStorage.getItem('other.tx.1')).toBe('theirs')
    expect(localStorage.length).toBeLessThanOrEqual(12)
  })
})

describe('security 16b: two servers whose redirect_uri is one page', () => {
  it('are refused also if one spells it as a path and the other in full', async () => {
    for (const [first, second] of [
      ['/one', `${location.origin}/one`],
      [`${location.origin}/two`, '/two'],
    ] as const) {
      await startPage({ redirect_uri: first }).start()
      const start = async () => startPage({ redirect_uri: second }).start()
      expect(await failure(start())).toMatchObject({ code: 'shared_redirect_uri' })
    }
  })
})

describe('a sign-in that starts by itself', () => {
  const activation = (isActive: boolean) => {
    Object.defineProperty(navigator, 'userActivation', { value: { isActive }, configurable: true })
  }
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'userActivation')
  })

  async function startAfterFailure() {
    const page = startPage()
    await page.start()
    page.comeBack(`?error=access_denied&state=${(await page.start()).get('state')}`)
    await failure(page.client.callback())
    return page
  }

  it('is login_loop within 10 s of a failed callback', async () => {
    const page = await startAfterFailure()
    activation(false)
    expect(await failure(page.start())).toMatchObject({ code: 'login_loop', hint: expect.any(String) })
    // It is the page that was loaded again that would go round in a circle.
    expect(await failure(page.open().login())).toMatchObject({ code: 'login_loop' })
    page.clock.now += 10_001
    expect((await page.start()).get('state')).toBeTruthy()
  })

  it('is let through where nothing has failed', async () => {
    const page = startPage()
    activation(false)
    expect((await page.start()).get('state')).toBeTruthy()
  })

  it('is let through where the clock was ahead when something failed', async () => {
    const page = await startAfterFailure()
    page.clock.now -= 86_400_000
    activation(false)
    expect((await page.start()).get('state')).toBeTruthy()
  })

  it('is let through where the person pressed the button', async () => {
    const page = await startAfterFailure()
    activation(true)
    expect((await page.start()).get('state')).toBeTruthy()
  })
})

describe('redirect()', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('leaves the page for the authorization server, and waits', async () => {
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    const page = startPage({ flow: redirect() })
    let settled = false
    void page.client.login().then(
      () => {
        settled = true
      },
      () => {
        settled = true
      },
    )
    await until(() => expect(assign).toHaveBeenCalledTimes(1))
    const [address] = assign.mock.calls[0] as [string]
    expect(address.startsWith(`${page.base}/oauth/authorize?`)).toBe(true)
    expect(settled).toBe(false)
    const state = new URL(address).searchParams.get('state')
    expect([...page.transactions.keys()]).toEqual([`forgepass.tx.${state}`])
  })

  it('is login_abandoned when the page comes back from the back-forward cache', async () => {
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    const page = startPage({ flow: redirect() })
    const login = failure(page.client.login())
    await until(() => expect(assign).toHaveBeenCalled())
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }))
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    expect(await login).toMatchObject({ code: 'login_abandoned' })
    const state = new URL(`${assign.mock.calls[0]?.[0]}`).searchParams.get('state')
    expect(page.transactions.get(`forgepass.tx.${state}`)).toBeUndefined()
  })

  it('goes nowhere once it is aborted', async () => {
    const assign = vi.spyOn(location, 'assign').mockImplementation(() => {})
    const page = startPage({ flow: redirect() })
    const signal = AbortSignal.abort()
    await expect(page.client.login({ signal })).rejects.toBe(signal.reason)
    expect(assign).not.toHaveBeenCalled()
    expect(page.transactions.size).toBe(0)
  })
})
