import { createForge } from '../../src/emulator/index.ts'
import { type Doorkeeper, startDoorkeeper } from './doorkeeper.ts'
import { clients, users } from './registered.ts'

/** Parameters by name; `undefined` leaves one out that is usual. */
export type Changes = Readonly<Record<string, string | undefined>>

/** Parameters by name, or as pairs where one name comes twice. */
export type Fields = Changes | readonly (readonly [string, string])[]

/** One request, written down. */
export interface Plan {
  /** Default: POST if there is a body, else GET. */
  readonly method?: string
  readonly path: string
  readonly query?: Fields
  readonly form?: Fields
  readonly json?: unknown
  /** A body as it is, for which a content type has to be given. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One of the two servers that are compared. */
export interface Side {
  readonly base: string
  send(plan: Plan): Promise<Response>
  /** Lets time pass. */
  later(seconds: number): Promise<void> | void
  stop(): Promise<void> | void
}

const encode = (fields: Fields = {}): URLSearchParams => {
  const pairs = Array.isArray(fields) ? fields : Object.entries(fields)
  return new URLSearchParams(pairs.filter(([, value]) => value !== undefined))
}

function toRequest(base: string, plan: Plan): Request {
  const { path, query, form, json, text, headers } = plan
  const body = form ? encode(form) : json === undefined ? text : JSON.stringify(json)
  const method = plan.method ?? (body === undefined ? 'GET' : 'POST')
  const type = json === undefined ? {} : { 'content-type': 'application/json' }
  const search = query ? `?${encode(query)}` : ''
  return new Request(`${base}${path}${search}`, {
    method,
    headers: { ...type, ...headers },
    redirect: 'manual',
    ...(body !== undefined && { body }),
  })
}

/** Starts the emulator of GitLab, with a clock of its own. */
export function startEmulator(): Side {
  let ahead = 0
  const forge = createForge('gitlab', { users, clients, now: () => Date.now() + ahead })
  const base = 'http://127.0.0.1:40000'
  return {
    base,
    send: (plan) => forge.fetch(toRequest(base, plan)),
    later(seconds) {
      ahead += seconds * 1000
    },
    stop() {},
  }
}

/** Starts Doorkeeper itself. */
export async function startEngine(): Promise<Side> {
  const { address, later, stop }: Doorkeeper = await startDoorkeeper({ users, clients })
  return { base: address, send: (plan) => fetch(toRequest(address, plan)), later, stop }
}
