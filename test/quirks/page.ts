import { afterEach, expect } from 'vitest'
import type { Forge, ForgeOptions, VisitOptions } from '../../src/emulator/index.ts'
import { type ClientOptions, createClient, type Flow } from '../../src/index.ts'
import type { Provider } from '../../src/provider/index.ts'
import { createLateStorage, createLock, until } from '../client/app.ts'
import { fetchAsPage } from './cross-origin.ts'

/** A forge, and the preset that is to cope with it. */
export interface Setting extends Partial<Omit<ClientOptions, 'provider' | 'fetch'>> {
  readonly make: (registered: Pick<Required<ForgeOptions>, 'clients' | 'now'>) => Forge
  readonly provider: (base: string) => Provider
  /** Fetches without the rules of browsers, as a program does. */
  readonly fetchAs?: (serve: Forge['fetch']) => typeof fetch
}

let places = 0

afterEach(() => {
  for (const name of ['location', 'history']) Reflect.deleteProperty(globalThis, name)
})

/** Makes this a page at an address until the end of the test; gives that, as the page changes it. */
export function arrive(address: string | URL): URL {
  const location = new URL(address)
  const history = {
    state: null,
    replaceState(_: unknown, __: string, to: string | URL) {
      location.href = new URL(to, location).href
    },
  }
  for (const [name, value] of Object.entries({ location, history }))
    Object.defineProperty(globalThis, name, { value, configurable: true })
  return location
}

/** A page with a client at an emulated forge of another origin, and the person in front of it. */
export function openPage({ make, provider, fetchAs = fetchAsPage, ...changes }: Setting) {
  places += 1
  const base = `https://quirk-${places}.example`
  const redirect_uri = `https://app.example/callback/quirk-${places}`
  const clock = { now: Date.UTC(2026, 9, 1) }
  const now = () => clock.now
  const forge = make({ clients: [{ client_id: 'spa', name: 'Page', redirect_uris: [redirect_uri] }], now })
  const person: VisitOptions & { asked?: URL; alter: (back: URL) => void } = { alter: () => {} }
  const flow: Flow = async (url) => {
    person.asked = await url
    const back = await forge.visit(person.asked, person)
    person.alter(back)
    return back
  }
  const stores = { storage: createLateStorage(), transactions: createLateStorage(), lock: createLock() }
  const sent: Request[] = []
  const send = fetchAs((request) => {
    sent.push(request.clone() as Request)
    return forge.fetch(request)
  })
  const options = {
    provider: provider(base),
    client_id: 'spa',
    redirect_uri,
    flow,
    fetch: send,
    now,
    ...stores,
  }
  /** Another client of the same kind, as in another tab. */
  const open = () => createClient({ ...options, ...changes } as ClientOptions)
  const client = open()
  const signIn = async () => {
    const session = await client.login()
    await until(() => expect(client.snapshot?.account).toBeDefined())
    return session
  }
  const grants = () => forge.requests.map(({ params }) => params.grant_type).filter(Boolean)
  return { base, redirect_uri, clock, forge, person, sent, client, open, signIn, grants, options }
}
