import { createHook } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { createClient, type OAuthError } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { createLock } from '../client/app.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Seconds that an access token lives. */
const LIFETIME = 60

/** What may happen to a request for new tokens: only a lost reply leaves the forge with a spent refresh token. */
type Fault = 'unreachable' | 'status 500' | 'reply lost'

/** Makes numbers from 0 to 1, the same ones on every run (mulberry32). */
function createRandom(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An app at an emulated forge, the clock of both, and the faults between them. */
function startApp(chooseFault: () => Fault | undefined = () => undefined) {
  const clock = { now: Date.UTC(2026, 9, 1) }
  const now = () => clock.now
  const forge = createForge('gitlab', { now, expires_in: LIFETIME })
  const base = 'https://gitlab.test'
  const refreshes: (Fault | undefined)[] = []
  const passed: WeakRef<object>[] = []
  /** Whether the forge has spent a refresh token without the app having heard of it. */
  let spent = false

  async function answerRefresh(request: Request) {
    const fault = chooseFault()
    refreshes.push(fault)
    if (fault === 'unreachable') throw new TypeError('fetch failed')
    if (fault === 'status 500') return new Response('Oops', { status: 500 })
    const response = await forge.fetch(request)
    passed.push(new WeakRef(request), new WeakRef(response))
    if (fault !== 'reply lost') return response
    spent ||= response.ok
    throw new TypeError('fetch failed')
  }
  const fetch: typeof globalThis.fetch = async (input) => {
    const request = input instanceof Request ? input : new Request(input)
    const isRefresh = request.method === 'POST' && (await request.clone().text()).includes('=refresh_token')
    return isRefresh ? answerRefresh(request) : forge.fetch(request)
  }
  const client = createClient({
    provider: gitlab({ base }),
    client_id: 'forgepass-demo',
    redirect_uri: 'http://127.0.0.1/callback',
    scope: 'read_user',
    storage: new Map(),
    transactions: new Map(),
    flow: async (url) => forge.visit(await url),
    fetch,
    now,
    lock: createLock(),
  })
  return {
    client,
    refreshes,
    passed,
    isSpent: () => spent,
    async signIn() {
      spent = false
      await client.login()
      await vi.waitFor(() => expect(client.snapshot?.account?.username).toBe('ada'), { interval: 1 })
    },
    passLifetime() {
      clock.now += LIFETIME * 1000
    },
    /** Reads the API; gives its status or what went wrong. */
    read: (): Promise<number | OAuthError> =>
      client.fetch('user').then(
        ({ status }) => status,
        (error) => error,
      ),
  }
}

/** Faults in one of a hundred requests each. */
function rareFaults(): () => Fault | undefined {
  const random = createRandom(2026)
  const faults: readonly Fault[] = ['unreachable', 'status 500', 'reply lost']
  return () => faults[Math.floor(random() * 100)]
}

/** The error that a fault leads to. */
const consequences: Readonly<Record<Fault, object>> = {
  unreachable: { code: 'network_error' },
  'status 500': { code: 'bad_status', status: 500 },
  'reply lost': { code: 'network_error' },
}

const settle = async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    await setImmediate()
    collect()
  }
}

const heldBy = async (passed: WeakRef<object>[]) => {
  await settle()
  return passed.filter((one) => one.deref()).length
}

describe('a session that lives long', () => {
  it('outlasts 2,000 refreshes with faults, ends only where the forge has spent its token, and keeps nothing', async () => {
    // Each BroadcastChannel is a message port to Node.
    let channels = 0
    const init = (_: number, type: string) => {
      if (type === 'MESSAGEPORT') channels += 1
    }
    const watch = createHook({ init }).enable()
    const app = startApp(rareFaults())
    const { client, refreshes, passed } = app
    await app.signIn()
    const ends = { login_required: 0 }

    /** Passes one lifetime and reads the API until it answers; counts the sessions that ended on the way. */
    async function liveOn() {
      app.passLifetime()
      for (;;) {
        const spentBefore = app.isSpent()
        const asked = refreshes.length
        const result = await app.read()
        if (result === 200) return
        if (refreshes.length === asked) {
          // Twice without an answer, the server is left alone for a while.
          expect(result).toMatchObject({ code: 'network_error' })
          app.passLifetime()
          continue
        }
        const fault = refreshes.at(-1)
        if (fault) {
          expect(result).toMatchObject(consequences[fault])
          expect(await client.session(), `after ${fault}`).toMatchObject({ stale: true })
          continue
        }
        const reason = 'refresh_outcome_unknown'
        expect(result).toMatchObject({ code: 'login_required', error: 'invalid_grant', reason })
        expect(spentBefore, 'the forge has spent the token').toBe(true)
        expect(await client.session()).toBeNull()
        ends.login_required += 1
        await app.signIn()
        return
      }
    }

    const granted = () => refreshes.filter((fault) => !fault).length - ends.login_required
    // The first thousand also pay for what the engine makes of the code.
    while (granted() < 1000) await liveOn()
    await settle()
    const resources = process.getActiveResourcesInfo().sort()
    const heap = process.memoryUsage().heapUsed
    while (granted() < 2000) await liveOn()

    const count = (fault: Fault) => refreshes.filter((one) => one === fault).length
    for (const fault of ['unreachable', 'status 500', 'reply lost'] as const) {
      expect(count(fault), fault).toBeGreaterThan(5)
    }
    expect(ends.login_required).toBe(count('reply lost'))
    expect(await heldBy(passed)).toBeLessThan(5)
    // What is left belongs to the forge, which forgets no token: less than 2 KiB for each refresh.
    expect((process.memoryUsage().heapUsed - heap) / 1000).toBeLessThan(2048)
    expect(process.getActiveResourcesInfo().sort()).toEqual(resources)
    watch.disable()
    expect(channels).toBe(1)
  })

  it('sends one request for 1,000 calls at once, and all of them hear the same of a fault', async () => {
    let fault: Fault | undefined
    const app = startApp(() => fault)
    await app.signIn()
    const readAll = () => Promise.all(Array.from({ length: 1000 }, app.read))
    for (const round of [1, 2, 3]) {
      app.passLifetime()
      expect(new Set(await readAll())).toEqual(new Set([200]))
      expect(app.refreshes).toHaveLength(round)
    }
    fault = 'status 500'
    app.passLifetime()
    const errors = (await readAll()) as OAuthError[]
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['bad_status']))
    expect(app.refreshes).toHaveLength(4)
    fault = undefined
    expect(new Set(await readAll())).toEqual(new Set([200]))
    expect(app.refreshes).toHaveLength(5)
  })

  it('tells a listener as often at the end as at the start, and none that has left', async () => {
    const app = startApp()
    const told = vi.fn()
    const gone = vi.fn()
    app.client.subscribe(told)
    await app.signIn()
    const tellings = async () => {
      told.mockClear()
      app.passLifetime()
      expect(await app.read()).toBe(200)
      return told.mock.calls.length
    }
    const first = await tellings()
    expect(first).toBeGreaterThan(0)
    for (let visit = 0; visit < 1000; visit += 1) app.client.subscribe(gone)()
    for (let round = 0; round < 100; round += 1) expect(await tellings()).toBe(first)
    expect(gone).not.toHaveBeenCalled()
  })
})
