import { expect, it } from 'vitest'
import { webStorage } from '../../src/index.ts'
import { failure, startApp, until } from './app.ts'

/** A tab's own `sessionStorage`. */
function createArea(entries: Iterable<[string, string]> = []): globalThis.Storage {
  const items = new Map(entries)
  const methods = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, `${value}`),
    removeItem: (key: string) => void items.delete(key),
  }
  return new Proxy(methods, {
    ownKeys: () => [...items.keys()],
    getOwnPropertyDescriptor: (_, key) => ({
      value: items.get(`${String(key)}`),
      enumerable: true,
      configurable: true,
    }),
  }) as unknown as globalThis.Storage
}

const copy = (area: globalThis.Storage) =>
  createArea(Object.keys(area).map((key) => [key, area.getItem(key) ?? '']))

it('keeps the session of one tab over a reload, and that of a duplicated tab', async () => {
  const area = createArea()
  const app = startApp({ storage: webStorage(area) })
  await app.signIn()
  expect(await app.open({ storage: webStorage(area) }).session()).toMatchObject({ scope: 'read_user' })
  expect(await app.open({ storage: webStorage(copy(area)) }).session()).toMatchObject({ scope: 'read_user' })
  expect(await app.open({ storage: webStorage(createArea()) }).session()).toBeNull()
})

it('is emptied by a sign-out in another tab', async () => {
  const area = createArea()
  const app = startApp({ storage: webStorage(area) })
  await app.signIn()
  const other = copy(area)
  const duplicated = app.open({ storage: webStorage(other) })
  expect(await duplicated.session()).toBeTruthy()
  await app.client.logout()
  await until(() => expect(duplicated.snapshot).toBeNull())
  expect(Object.keys(other)).toEqual([])
  expect(await failure(duplicated.accessToken())).toMatchObject({ code: 'signed_out' })
})

it('goes on in memory where nothing can be written, and is gone with the page', async () => {
  const area = createArea()
  const full = {
    ...area,
    getItem: area.getItem,
    removeItem: area.removeItem,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  const app = startApp({ storage: webStorage(full as unknown as globalThis.Storage) })
  await app.signIn()
  expect(await app.client.accessToken()).toBe('AT-1')
  expect(await app.open({ storage: webStorage(area) }).session()).toBeNull()
})
