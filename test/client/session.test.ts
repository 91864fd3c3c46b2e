import { describe, expect, it } from 'vitest'
import { createLateStorage, failure, startApp, until } from './app.ts'

describe('a session', () => {
  it('is undefined before the first look, and null without one', async () => {
    const { client, sent } = startApp()
    expect(client.snapshot).toBeUndefined()
    expect(await client.session()).toBeNull()
    expect(client.snapshot).toBeNull()
    expect(sent).toEqual([])
  })

  it('survives a reload where it is stored, and asks no server', async () => {
    const app = startApp()
    await app.signIn()
    const asked = app.sent.length
    const reloaded = app.open()
    expect(await reloaded.session()).toEqual(await app.client.session())
    expect(await reloaded.accessToken()).toBe('AT-1')
    expect(app.sent).toHaveLength(asked)
  })

  it('security 40: is gone with its client where it is not stored', async () => {
    const app = startApp({ storage: undefined } as object)
    await app.signIn()
    expect(await app.client.accessToken()).toBe('AT-1')
    expect(await app.open().session()).toBeNull()
    expect(app.storage.size).toBe(0)
  })

  it('has no token in it, and its moment of expiry', async () => {
    const app = startApp()
    const done = await app.client.callback(app.back(await app.start()))
    expect(done?.session).toMatchObject({ scope: 'read_user', expires_at: app.clock.now + 7_200_000 })
    expect(JSON.stringify(done)).not.toMatch(/AT-|RT-/)
  })

  it('security 43: that cannot be stored ends in an error with a name, or goes on in memory', async () => {
    const broken = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
    }
    for (const method of ['get', 'set', 'delete', 'keys'] as const) {
      const app = startApp({ storage: Object.assign(createLateStorage(), { [method]: broken }) })
      const outcome = await app.client.callback(app.back(await app.start())).catch((error) => error)
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'storage_unavailable' })
      else expect(await app.client.accessToken()).toBe('AT-1')
      expect(await app.client.logout()).toEqual({ revoked: !(outcome instanceof Error) })
      expect(await app.client.session()).toBeNull()
    }
  })

  it('security 43: that vanished from its storage is signed_out', async () => {
    const app = startApp()
    await app.signIn()
    app.storage.clear()
    expect(await failure(app.open().accessToken())).toMatchObject({ code: 'signed_out' })
    app.clock.now += 7_200_000
    expect(await failure(app.client.accessToken())).toMatchObject({ code: 'signed_out' })
    expect(await app.client.session()).toBeNull()
    expect(app.exchanges()).toHaveLength(1)
  })

  it('security 44: is dropped if its record is not what it must be', async () => {
    const app = startApp()
    await app.signIn()
    const [[key, record]] = [...app.storage] as [[string, Record<string, unknown>]]
    const { session } = record as { session: object }
    const forged = [
      ...[null, undefined, 1, 'text', [], {}, new Map()],
      { ...record, version: 2 },
      { ...record, client: 'another' },
      { ...record, access_token: 1 },
      { ...record, access_token: undefined },
      // An engine would show it in its complaint about the header.
      { ...record, access_token: 'AT\n' },
      { ...record, refresh_token: {} },
      { ...record, session: null },
      { ...record, session: 'text' },
      { ...record, session: { ...session, expires_at: '2026' } },
      { ...record, session: { ...session, scope: 1 } },
      JSON.parse(`{"__proto__":${JSON.stringify(record)}}`),
    ]
    for (const value of forged) {
      app.storage.set(key, value)
      const reloaded = app.open()
      expect(await reloaded.session(), JSON.stringify(value)).toBeNull()
      expect(await failure(reloaded.accessToken())).toMatchObject({ code: 'signed_out' })
    }
    app.storage.set(key, record)
    expect(await app.open().session()).toMatchObject(session)
  })

  it('security 44: of another client is not taken, also under this client’s key', async () => {
    const app = startApp()
    await app.signIn()
    const [[, record]] = [...app.storage] as [[string, unknown]]
    const other = app.open({ client_id: 'other', storage: new Map() })
    await other.callback(app.back(await app.start({}, other)))
    const storage = new Map<string, unknown>()
    const reader = app.open({ client_id: 'other', storage: { ...createLateStorage(), get: () => record } })
    expect(await reader.session()).toBeNull()
    expect(storage.size).toBe(0)
  })

  it('is told to those who subscribed, until they stop', async () => {
    const app = startApp()
    const heard: unknown[] = []
    const stop = app.client.subscribe(() => heard.push(app.client.snapshot?.account?.username))
    await app.signIn()
    await until(() => expect(heard).toContain('ada'))
    const count = heard.length
    stop()
    await app.client.logout()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(heard).toHaveLength(count)
  })

  it('is the same object until something in it changes', async () => {
    const app = startApp({ storage: createLateStorage() })
    await app.signIn()
    const { snapshot } = app.client
    await app.client.session()
    await app.client.accessToken()
    await app.client.fetch('projects')
    expect(app.client.snapshot).toBe(snapshot)
    app.clock.now += 7_200_000
    await app.client.accessToken()
    expect(app.client.snapshot).not.toBe(snapshot)
  })

  it('is the same object after a message of another tab with nothing new in it', async () => {
    const inner = createLateStorage()
    const app = startApp({ storage: inner })
    await app.signIn()
    let looks = 0
    const get = (key: string) => {
      looks += 1
      return inner.get(key)
    }
    const tab = app.open({ storage: { ...inner, get } })
    await tab.session()
    const { snapshot } = tab
    looks = 0
    const [name = ''] = await inner.keys()
    const channel = new BroadcastChannel(name)
    channel.postMessage('changed')
    await until(() => expect(looks).toBe(1))
    channel.close()
    await tab.session()
    expect(tab.snapshot).toBe(snapshot)
  })
})
