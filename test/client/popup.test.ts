import { describe, expect, it } from 'vitest'
import { createBffClient, createClient, type Flow, popup } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { failure, startApp, until } from './app.ts'

describe('where there is no window, as on a server', () => {
  it('clients that sign in by popup can be made, and know nothing yet', () => {
    expect(globalThis).not.toHaveProperty('location')
    const app = { client_id: 'APP', redirect_uri: '/callback/popup', provider: gitlab() }
    const clients = [
      createClient({ ...app, flow: popup({ width: 400 }) }),
      createBffClient({ base: '/auth', provider: 'gitkraken', flow: popup() }),
    ]
    for (const client of clients) expect(client.snapshot).toBeUndefined()
  })
})

describe('a flow that fails before the sign-in has been noted down', () => {
  it('leaves no transaction, however late the storage is', async () => {
    const flow: Flow = () => Promise.reject(new Error('no window'))
    const app = startApp({ flow })
    const slow = {
      get: (key: string) => app.transactions.get(key),
      keys: () => app.transactions.keys(),
      delete: (key: string) => void app.transactions.delete(key),
      set: async (key: string, value: unknown) => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        app.transactions.set(key, value)
      },
    }
    await expect(app.open({ transactions: slow }).login()).rejects.toThrow('no window')
    expect([...app.transactions.keys()]).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect([...app.transactions.keys()]).toEqual([])
  })
})

describe('a flow that comes back to this page', () => {
  it('finishes the sign-in there, and judges what it brings', async () => {
    let bring = (state: string) => `code=CODE&state=${state}`
    const flow: Flow = async (url, { state = '', redirect_uri }) => {
      await url
      return new URL(`${redirect_uri}?${bring(state)}`)
    }
    const app = startApp({ flow })
    expect(await app.client.login()).toMatchObject({ scope: 'read_user' })
    await until(() => expect(app.client.snapshot?.account).toBeDefined())
    for (const [other, code] of [
      [() => 'code=CODE&state=other', 'state_mismatch'],
      [() => 'code=CODE', 'state_mismatch'],
      [() => 'nothing=1', 'malformed_response'],
      [(state: string) => `error=access_denied&state=${state}`, 'authorization_error'],
      [(state: string) => `code=a&code=b&state=${state}`, 'duplicate_parameter'],
    ] as const) {
      bring = other
      expect(await failure(app.client.login())).toMatchObject({ code })
    }
    expect(app.exchanges()).toHaveLength(1)
    expect(await app.client.session()).not.toBeNull()
  })
})
