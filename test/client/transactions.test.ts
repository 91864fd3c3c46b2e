import { describe, expect, it, vi } from 'vitest'
import { createLateStorage, expectRefusal, failure, json, startApp, until } from './app.ts'

const MINUTE = 60_000

describe('a transaction', () => {
  it('H8, security 6: answers a replayed callback with the live session, and asks the server once', async () => {
    const app = startApp()
    const address = app.back(await app.start())
    const done = await app.client.callback(address)
    expect(await app.client.callback(address)).toEqual(done)
    // Another tab of the origin, opened with the same address.
    expect(await app.open().callback(address)).toMatchObject({ session: { scope: 'read_user' } })
    expect(app.exchanges()).toHaveLength(1)
  })

  it('H8, security 6: calls a replayed callback without a session state_replayed', async () => {
    const app = startApp()
    const address = app.back(await app.start())
    await app.client.callback(address)
    await app.client.logout()
    for (const client of [app.client, app.open()]) {
      expect(await failure(client.callback(address))).toMatchObject({ code: 'state_replayed' })
    }
    expect(app.exchanges()).toHaveLength(1)
    expect(await app.client.session()).toBeNull()
  })

  it('H8: knows a used state for ten minutes', async () => {
    const app = startApp()
    const address = app.back(await app.start())
    await app.client.callback(address)
    await app.client.logout()
    app.clock.now += 10 * MINUTE
    await app.start()
    expect(await failure(app.client.callback(address))).toMatchObject({ code: 'state_replayed' })
  })

  it('H8: takes a replay for its own client only', async () => {
    const app = startApp()
    const other = app.open({ name: 'other' })
    const address = app.back(await app.start())
    await app.client.callback(address)
    expect(await other.callback(address)).toBeUndefined()
    expect(await other.session()).toBeNull()
  })

  it('H9, security 23: ends after ten minutes, and is burnt by its callback', async () => {
    await expectRefusal({
      callback: (state, { clock }) => {
        clock.now += 11 * MINUTE
        return `?code=a&state=${state}`
      },
      code: 'transaction_expired',
      transaction: 'burnt',
    })
    const app = startApp()
    const request = await app.start()
    app.clock.now += 9 * MINUTE
    expect(await app.client.callback(app.back(request))).toBeDefined()
  })

  it('security 23: is kept with nine others at most, however many sign-ins are started', async () => {
    const app = startApp()
    const requests: URLSearchParams[] = []
    for (let count = 0; count < 100; count += 1) {
      app.clock.now += 1
      requests.push(await app.start())
      expect(app.transactions.size).toBeLessThanOrEqual(10)
    }
    // The youngest are the ones that live.
    const [first, last] = [requests[0], requests[99]] as [URLSearchParams, URLSearchParams]
    expect(await failure(app.client.callback(app.back(first)))).toMatchObject({ code: 'state_mismatch' })
    expect(await app.client.callback(app.back(last))).toBeDefined()
  })

  it('security 23: sweeps what is long over when a sign-in starts', async () => {
    const app = startApp()
    await app.start()
    app.clock.now += 21 * MINUTE
    await app.start()
    expect(app.transactions.size).toBe(1)
  })

  it('security 45: is kept under its state, apart from the tokens, without a token, and without its verifier once used', async () => {
    const app = startApp()
    const request = await app.start()
    const key = `forgepass.tx.${request.get('state')}`
    expect([...app.transactions.keys()]).toEqual([key])
    expect(app.storage.size).toBe(0)
    await app.client.callback(app.back(request))
    const verifier = app.exchanges()[0]?.body.get('code_verifier') ?? ''
    expect(verifier).toMatch(/^[\w~.-]{43,128}$/)
    const left = JSON.stringify([...app.transactions])
    for (const secret of [verifier, 'CODE', 'AT-1', 'RT-1']) expect(left).not.toContain(secret)
    expect(JSON.stringify([...app.storage])).not.toContain(verifier)
  })

  it('security 45: gives a duplicated tab the session of the first, with one token request in all', async () => {
    const app = startApp()
    const [one, other] = [app.client, app.open()]
    const address = app.back(await app.start())
    const [first, second] = await Promise.all([one.callback(address), other.callback(address)])
    expect(first).toBeDefined()
    expect(second).toEqual(first)
    expect(app.exchanges()).toHaveLength(1)
  })

  it('G2: is taken before anything is asked of the server', async () => {
    const app = startApp()
    const address = app.back(await app.start())
    vi.resetModules()
    // Another tab: no lock and no memory in common, only the transactions.
    const page = await import('../../src/index.ts')
    const tab = page.createClient({ ...app.options, lock: (_, task) => task(), storage: new Map() })
    let replay: unknown
    app.answers.token = async () => {
      replay = await tab.callback(address).catch((error) => error)
      return json({ access_token: 'AT', token_type: 'bearer' })
    }
    expect(await app.client.callback(address)).toBeDefined()
    expect(replay).toMatchObject({ code: 'state_replayed' })
    expect(app.exchanges()).toHaveLength(1)
  })

  it('is not given to another client of the page', async () => {
    for (const transactions of [new Map<string, unknown>(), createLateStorage()]) {
      const app = startApp({ transactions })
      const other = app.open({ client_id: 'other' })
      const address = app.back(await app.start())
      const outcome = await other.callback(address).catch((error) => error)
      // Where the storage answers later it is not known at once whose it is.
      if (outcome) expect(outcome).toMatchObject({ code: 'state_mismatch' })
      expect(app.sent).toEqual([])
      expect(await other.session()).toBeNull()
      expect(await app.client.callback(address)).toMatchObject({ session: { scope: 'read_user' } })
    }
  })

  it('does not get in the way of another one', async () => {
    const app = startApp()
    const [first, second] = [await app.start(), await app.start()]
    expect(first.get('state')).not.toBe(second.get('state'))
    expect(await app.client.callback(app.back(first))).toBeDefined()
    expect(await app.client.callback(app.back(second))).toBeDefined()
    const [one, two] = app.exchanges().map(({ body }) => body.get('code_verifier'))
    expect(one).not.toBe(two)
  })

  it('security 43: that cannot be stored stops the sign-in before anybody leaves', async () => {
    const full = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
    }
    const transactions = Object.assign(new Map<string, unknown>(), { set: full })
    let left = false
    const flow = async (url: Promise<URL>) => {
      await url
      left = true
      return new Promise<URL>(() => {})
    }
    const app = startApp({ transactions, flow })
    const error = await failure(app.client.login())
    expect(error).toMatchObject({ code: 'storage_unavailable', hint: expect.stringContaining('.') })
    expect(left).toBe(false)
  })

  it('security 43: whose storage throws at the callback makes it fail by name', async () => {
    const app = startApp()
    const request = await app.start()
    app.transactions.get = () => {
      throw new DOMException('Denied.', 'SecurityError')
    }
    expect(await failure(app.client.callback(app.back(request)))).toMatchObject({
      code: 'storage_unavailable',
    })
    expect(app.sent).toEqual([])
  })

  it('is spent under the state it was found by, whatever its record says of itself', async () => {
    const app = startApp()
    const request = await app.start()
    const name = `forgepass.tx.${request.get('state')}`
    app.transactions.set(name, { ...(app.transactions.get(name) as object), state: 'another' })
    await app.client.callback(app.back(request))
    expect(app.transactions.get(name)).toMatchObject({ spent: true, code_verifier: '' })
    expect([...app.transactions.keys()]).toEqual([name])
  })

  it('security 44: that was tampered with is no transaction', async () => {
    const forged = [null, 'text', 1, [], {}, { client: 1 }, { client: 'x', redirect_uri: 'no address' }]
    for (const record of forged) {
      const app = startApp()
      const request = await app.start()
      app.transactions.set(`forgepass.tx.${request.get('state')}`, record)
      const error = await failure(app.client.callback(app.back(request)))
      expect(error.code).toBe('state_mismatch')
      expect(app.sent).toEqual([])
    }
  })

  it('security 44: that lost its end is over', async () => {
    const app = startApp()
    const request = await app.start()
    const key = `forgepass.tx.${request.get('state')}`
    app.transactions.set(key, { ...(app.transactions.get(key) as object), expires_at: undefined })
    expect(await failure(app.client.callback(app.back(request)))).toMatchObject({
      code: 'transaction_expired',
    })
    expect(app.sent).toEqual([])
  })
})

describe('two calls of callback() on one page', () => {
  it('give one sign-in, and both its result', async () => {
    const app = startApp()
    const address = app.back(await app.start())
    const [first, second] = await Promise.all([app.client.callback(address), app.client.callback(address)])
    expect(second).toEqual(first)
    expect(app.exchanges()).toHaveLength(1)
  })

  it('give one failure to both', async () => {
    const app = startApp()
    app.answers.token = () => json({ error: 'invalid_grant' }, { status: 400 })
    const address = app.back(await app.start())
    const twin = app.open()
    const calls = [app.client.callback(address), app.client.callback(address), twin.callback(address)]
    const codes = (await Promise.all(calls.map(failure))).map(({ code }) => code)
    expect(codes).toEqual(['token_endpoint_error', 'token_endpoint_error', 'token_endpoint_error'])
    expect(app.exchanges()).toHaveLength(1)
  })

  it('let session() and login() wait for them', async () => {
    const app = startApp()
    const address = app.back(await app.start())
    const done = app.client.callback(address)
    const [session, again] = await Promise.all([app.client.session(), app.client.login()])
    expect(session).toMatchObject({ scope: 'read_user' })
    expect(again).toEqual(session)
    expect((await done)?.session).toEqual(session)
    expect(app.exchanges()).toHaveLength(1)
    await until(() => expect(app.transactions.size).toBe(1))
  })
})
