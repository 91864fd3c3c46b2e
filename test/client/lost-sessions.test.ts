import { describe, expect, it } from 'vitest'
import type { Client, ClientOptions, Storage } from '../../src/index.ts'
import {
  type Answer,
  type Changes,
  createLateStorage,
  createLock,
  failure,
  json,
  startApp,
  until,
} from './app.ts'

const HOUR = 3_600_000

const refuse: Answer = () => json({ error: 'invalid_grant' }, { status: 400 })
const stumble: Answer = () => json({ error: 'server_error' }, { status: 500 })

/** Holds whoever waits for it, until it is opened. */
function createGate() {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** A storage whose next use of a method fails if it is told so; `inner` never fails. */
function createFaultyStorage() {
  const inner = createLateStorage()
  const faults = new Set<keyof Storage>()
  const pass = (method: keyof Storage) => {
    if (faults.delete(method)) throw new DOMException('The connection was lost.', 'UnknownError')
  }
  const storage: Storage = {
    ...inner,
    get: async (key) => {
      pass('get')
      return inner.get(key)
    },
    set: async (key, value) => {
      pass('set')
      await inner.set(key, value)
    },
    delete: async (key) => {
      pass('delete')
      await inner.delete(key)
    },
  }
  return { inner, storage, faults }
}

/** Two tabs that know of the same session, whose access token has run out. */
async function startTabs(changes: Changes = {}, theirs: Partial<ClientOptions> = {}) {
  const app = startApp({ storage: createLateStorage(), ...changes })
  await app.signIn()
  const tab = app.open(theirs)
  expect(await tab.session()).toBeTruthy()
  app.clock.now += 2 * HOUR
  app.sent.length = 0
  const spent = new Set<string | null>()
  /** Takes each refresh token once, as servers that rotate them do. */
  const rotate: Answer = async (request) => {
    const token = new URLSearchParams(await request.clone().text()).get('refresh_token')
    if (spent.has(token)) return refuse(request)
    spent.add(token)
    return app.issue(request)
  }
  return { ...app, tab, rotate }
}

describe('two tabs that refresh at once without a common lock', () => {
  it.each([
    ['first', 1],
    ['last', 2],
  ])('both go on with the tokens of the one that won, if the loser asked %s', async (_, loser) => {
    const { client, tab, answers, issue, exchanges, open } = await startTabs({}, { lock: createLock() })
    const late = createGate()
    answers.token = async (request) => {
      if (exchanges().length !== loser) return issue(request)
      await late.opened
      return refuse(request)
    }
    const tokens = [client.accessToken(), tab.accessToken()]
    await until(() => expect(exchanges()).toHaveLength(2))
    expect(await Promise.race(tokens)).toBe('AT-2')
    late.open()
    expect(await Promise.all(tokens)).toEqual(['AT-2', 'AT-2'])
    for (const one of [client, tab, open()]) expect(await one.session()).toBeTruthy()
  })
})

describe('logout', () => {
  it('revokes what the storage holds, not what this tab remembers', async () => {
    const { client, tab, revocations } = await startTabs()
    await client.accessToken()
    // Before the message of the other tab arrives.
    expect(await tab.logout()).toEqual({ revoked: true })
    expect(revocations().map(({ body }) => body.get('token'))).toEqual(['RT-2', 'AT-2'])
  })

  it('leaves no session behind if the storage fails once', async () => {
    const { storage, faults } = createFaultyStorage()
    const { client, tab, open } = await startTabs({ storage })
    faults.add('delete')
    expect(await client.logout()).toEqual({ revoked: true })
    expect(faults).toEqual(new Set())
    expect(await open().session()).toBeNull()
    await until(() => expect(tab.snapshot).toBeNull())
  })

  it('does not end the sign-in that was finished while it waited for the storage', async () => {
    const inner = createLateStorage()
    const slow = createGate()
    let deletions = 0
    const storage: Storage = {
      ...inner,
      delete: async (key) => {
        await inner.delete(key)
        deletions += 1
        await slow.opened
      },
    }
    const app = startApp({ storage })
    await app.signIn()
    const address = app.back(await app.start())
    const logout = app.client.logout()
    await until(() => expect(deletions).toBe(1))
    await app.client.callback(address)
    slow.open()
    await logout
    for (const one of [app.client, app.open()]) expect(await one.accessToken()).toBe('AT-2')
    expect(app.client.snapshot).toBeTruthy()
  })

  it('is heard in a tab that had to go on in its memory', async () => {
    const { storage, inner, faults } = createFaultyStorage()
    const { client, tab } = await startTabs({ storage }, { storage: inner })
    faults.add('set')
    expect(await client.accessToken()).toBe('AT-2')
    expect(faults).toEqual(new Set())
    await tab.logout()
    await until(() => expect(client.snapshot).toBeNull())
    expect(await failure(client.accessToken())).toMatchObject({ code: 'signed_out' })
  })
})

describe('a storage that fails once', () => {
  it('does not cut the tab off from the others if it was only to note a failed refresh', async () => {
    const { storage, inner, faults } = createFaultyStorage()
    const { client, tab, answers, rotate } = await startTabs({ storage }, { storage: inner })
    answers.token = stumble
    faults.add('set')
    await failure(client.accessToken())
    expect(faults).toEqual(new Set())
    answers.token = rotate
    expect(await tab.accessToken()).toBe('AT-2')
    expect(await client.accessToken()).toBe('AT-2')
  })

  it('does not sign out the page whose first look it was', async () => {
    const { storage, faults } = createFaultyStorage()
    const { open } = await startTabs({ storage })
    faults.add('get')
    const page = open()
    expect(await page.session()).toBeNull()
    expect(faults).toEqual(new Set())
    expect(await page.session()).toBeTruthy()
  })

  it('does not end the session if a refresh could not see that another tab was faster', async () => {
    const { storage, faults } = createFaultyStorage()
    const { client, tab, answers, rotate, open } = await startTabs({ storage })
    answers.token = rotate
    await client.accessToken()
    faults.add('get')
    expect(await tab.accessToken()).toBe('AT-2')
    expect(faults).toEqual(new Set())
    expect(await open().session()).toBeTruthy()
  })
})

describe('a storage that refuses every write', () => {
  it('does not keep the old account for the next page after another one signed in', async () => {
    const inner = createLateStorage()
    let full = false
    const set: Storage['set'] = async (key, value) => {
      if (full) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      await inner.set(key, value)
    }
    const app = startApp({ storage: { ...inner, set } })
    await app.signIn()
    full = true
    await app.signIn()
    expect(await app.client.accessToken()).toBe('AT-2')
    expect(await app.open().session()).toBeNull()
  })
})

describe('a refresh that keeps failing', () => {
  /** Uses the token at each change of what is shown, as an effect on the snapshot does. */
  const follow = (client: Client) => {
    let last = client.snapshot
    return client.subscribe(() => {
      if (client.snapshot === last) return
      last = client.snapshot
      setTimeout(() => client.accessToken().catch(() => {}))
    })
  }
  const storages = {
    'that gives copies': createLateStorage,
    'that is a Map': () => new Map<string, unknown>(),
  }

  for (const [name, createStorage] of Object.entries(storages)) {
    it(`shows the same object each time with a storage ${name}`, async () => {
      const { client, answers } = await startTabs({ storage: createStorage() })
      answers.token = stumble
      await failure(client.accessToken())
      const { snapshot } = client
      expect(snapshot).toMatchObject({ stale: true })
      await failure(client.accessToken())
      expect(client.snapshot).toBe(snapshot)
    })

    it(`makes no storm of requests in two tabs that follow it with a storage ${name}`, async () => {
      const { client, tab, answers, exchanges } = await startTabs({ storage: createStorage() })
      answers.token = stumble
      const stops = [client, tab].map(follow)
      await failure(client.accessToken())
      await until(() => expect(tab.snapshot).toMatchObject({ stale: true }))
      await new Promise((resolve) => setTimeout(resolve, 100))
      for (const stop of stops) stop()
      expect(exchanges().length).toBeLessThan(4)
    })
  }
})

describe('a twin of the client that finished the sign-in', () => {
  it('has the session at once, also if it had looked before', async () => {
    const app = startApp({ storage: createLateStorage() })
    const twin = app.open()
    expect(await twin.session()).toBeNull()
    const address = app.back(await app.start())
    await Promise.all([app.client.callback(address), twin.callback(address)])
    expect(twin.snapshot).toBeTruthy()
    expect(await twin.session()).toBeTruthy()
    expect(await twin.accessToken()).toBe('AT-1')
  })
})
