import type { Client } from './client.ts'
import type { ForgeKind } from './emulation.ts'
import { createFaults, type FaultOption, type ForgeFault } from './fault/faults.ts'
import { createReceiver, type ForgeRequest } from './receive.ts'
import { signInRoutes } from './sign-in.ts'
import { createStore, type PersonalToken, type StoreOptions, type User } from './store.ts'
import { type VisitOptions, visit } from './visit.ts'

/** How any forge is set up. */
export interface ForgeOptions extends StoreOptions {
  /** The path it is mounted under, such as `/forge/gitlab`. Default: `''`, the whole origin. */
  readonly basePath?: string
  /** `same-origin` is the fault `coop`, whatever other faults are switched on and off. Default: none. */
  readonly coop?: 'same-origin'
  /** What goes wrong on purpose. Default: nothing. */
  readonly fault?: ForgeFault | readonly ForgeFault[] | undefined
}

/** A forge in memory. */
export interface Forge {
  /** What people call it, such as `GitLab`. */
  readonly name: string
  readonly basePath: string
  /** Who can sign in. */
  readonly users: readonly User[]
  /** The applications it knows, with their secrets. */
  readonly clients: readonly Client[]
  readonly personal_access_tokens: readonly PersonalToken[]
  /** Answers one request; throws for none, unless a fault loses the answer or the request is aborted meanwhile. */
  fetch(request: Request): Promise<Response>
  /** The last 200 requests, oldest first. */
  readonly requests: readonly ForgeRequest[]
  /** Lets something go wrong from now on, in place of what went wrong before; `undefined` ends it. */
  fault(fault: FaultOption): void
  /** Revokes every token, as people do in their settings. */
  revokeAll(): void
  /**
   * Does what a person does with an authorization request: signs in, answers the question, and gives the address the forge
   * sends back to; where a verifier is shown instead, that is `code` in the address of the page. Throws with the words of the page if
   * it sends nowhere.
   */
  visit(url: string | URL, options?: VisitOptions): Promise<URL>
}

const logLength = 200

/** Tells whether an address is that of the mount, or lies below it. */
const isBelow = (basePath: string, { pathname }: URL): boolean =>
  pathname === basePath || pathname.startsWith(`${basePath}/`)

/** Builds a forge of one kind. */
export function buildForge(kind: ForgeKind, options: ForgeOptions): Forge {
  const { basePath = '', coop, fault, now = Date.now, ...rest } = options
  const faults = createFaults(fault, { always: coop ? ['coop'] : [] })
  const skew = () => (faults.amountOf('clock-skew') ?? 0) * 1000
  const store = createStore({ ...rest, now: () => now() + skew() }, kind)
  const emulated = kind.emulate(store)
  const { name, signInPath } = emulated
  const emulation = { ...emulated, routes: { ...signInRoutes(store, emulated), ...emulated.routes } }
  const requests: ForgeRequest[] = []
  const revokeAll = () => {
    store.revokeAll()
    emulated.revokeAll?.()
  }
  const log = (request: ForgeRequest) => {
    requests.push(request)
    if (requests.length > logLength) requests.shift()
  }
  const receive = createReceiver({ emulation, basePath, store, faults, revokeAll, log })
  const forge: Forge = {
    ...{ name, basePath, requests, revokeAll },
    users: store.accounts,
    clients: store.clients,
    personal_access_tokens: store.personal_access_tokens,
    fault: faults.switchTo,
    visit: (url, visitOptions) =>
      visit(new URL(url), {
        fetch: forge.fetch,
        signInUrl: new URL(url).origin + basePath + signInPath,
        username: store.accounts[0]?.username ?? '',
        ...visitOptions,
      }),
    fetch: async (request) =>
      isBelow(basePath, new URL(request.url)) ? receive(request) : new Response('Not Found', { status: 404 }),
  }
  return forge
}
