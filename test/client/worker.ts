import {
  type ExtensionOptions,
  extension,
  type Identity,
  type StorageArea,
  sessionStorageArea,
} from '../../src/extension.ts'
import { type ClientOptions, createClient } from '../../src/index.ts'
import { createLock, findPlace, startApp } from './app.ts'

/** What the browser comes back with from an authorization request. */
export type Bring = (request: { redirect_uri: string; state: string }) => string | undefined | Promise<string>

/** The person approves. */
export const approve: Bring = ({ redirect_uri, state }) => `${redirect_uri}?code=CODE&state=${state}`

/** An area of an extension's storage, which keeps copies; the methods in `broken` fail as the browser says it. */
export function createArea() {
  const items: Record<string, unknown> = {}
  const broken = new Map<'get' | 'set' | 'remove', string>()
  const pass = async (method: 'get' | 'set' | 'remove') => {
    const message = broken.get(method)
    if (message) throw new Error(message)
  }
  const area: StorageArea = {
    async get(key) {
      await pass('get')
      const names = key === null ? Object.keys(items) : [key].filter((name) => name in items)
      return structuredClone(Object.fromEntries(names.map((name) => [name, items[name]])))
    },
    async set(added) {
      await pass('set')
      // As JSON, which is all that Chrome keeps.
      Object.assign(items, JSON.parse(JSON.stringify(added)))
    },
    async remove(key) {
      await pass('remove')
      delete items[key]
    },
  }
  /** The one item that holds a session, if any. */
  const sessions = () => Object.entries(items).filter(([, value]) => Object(value).access_token)
  return { area, items, broken, sessions }
}

/** What a test may choose about an extension. */
interface Setup {
  readonly options?: ExtensionOptions
  readonly storage?: 'none'
  readonly redirect_uri?: string
}

/** An extension whose service worker signs in at a scripted forge. */
export function startExtension(bring: Bring = approve, { options, ...setup }: Setup = {}) {
  const { base, redirect_uri: address } = findPlace()
  const redirect_uri = address.replace('app.example', `${'a'.repeat(32)}.chromiumapp.org`)
  const app = startApp({ place: { base, redirect_uri } })
  const memory = createArea()
  const asked: Parameters<Identity['launchWebAuthFlow']>[0][] = []
  let answer = bring
  const identity: Identity = {
    async launchWebAuthFlow(details) {
      asked.push(details)
      const { searchParams } = new URL(details.url)
      return answer({ redirect_uri, state: searchParams.get('state') ?? '' })
    },
  }
  const { storage: _, transactions: __, ...rest } = app.options
  /** The client of a worker that has just started: it shares nothing with the one before but the storage. */
  const restart = (more: Partial<ClientOptions> = {}) =>
    createClient({
      ...rest,
      redirect_uri: setup.redirect_uri ?? redirect_uri,
      flow: extension(identity, options),
      lock: createLock(),
      ...(setup.storage !== 'none' && { storage: sessionStorageArea(memory.area) }),
      ...more,
    })
  const { exchanges, revocations, answers, issue, sent, clock } = app
  return {
    ...{ exchanges, revocations, answers, issue, sent, clock, redirect_uri, asked, restart, ...memory },
    client: restart(),
    /** Lets the browser come back with something else from now on. */
    bring(next: Bring) {
      answer = next
    },
  }
}
