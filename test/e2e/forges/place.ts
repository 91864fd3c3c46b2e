import { randomUUID } from 'node:crypto'
import { createBff } from '../../../src/bff/index.ts'
import type { Forge } from '../../../src/emulator/index.ts'
import type { Provider } from '../../../src/provider/index.ts'
import type { Column } from '../../forges/table.ts'
import { EMULATED, type Registered, type Sent } from './columns.ts'
import type { Settings } from './page/clients.ts'
import type { Mounted, Servers } from './servers.ts'
import { type Exchange, noted } from './wire.ts'

/** The secret of an application that has one. */
export const SECRET = 'pl4nted-secret-of-the-harbour'

/** What a scenario chooses. */
export interface Choices {
  readonly client: Settings['client']
  readonly grant?: Settings['grant']
  readonly flow?: Settings['flow']
  /** Lets pages of other origins read the forge, where its admin decides that. */
  readonly cors?: boolean
  readonly token_in?: 'query'
}

/** A page, its backend if it has one, and a forge on another site. */
export interface Place {
  /** The address of the page. */
  readonly url: string
  readonly provider: Provider
  readonly forge: Forge
  /** What browsers asked the forge and the backend. */
  readonly browser: readonly Exchange[]
  /** What the backend asked the forge. */
  readonly server: readonly Exchange[]
  /** What the clock of forge and backend is ahead, in milliseconds. */
  readonly clock: { ahead: number }
  /** The address of what the page reads. */
  readonly resource: string
  /** What a backend has to send. */
  readonly sent: Sent
}

/** Where a place is: a path of its own, on both servers. */
interface Spot {
  readonly servers: Servers
  readonly id: string
  readonly column: Column
  readonly choices: Choices
}

const pathOf = ({ id }: Spot) => `/${id}/`

/** The options that both sides make the provider with. */
const optionsOf = ({ servers, id, choices: { token_in } }: Spot) => ({
  base: `${servers.forge}/${id}`,
  ...(token_in && { token_in }),
})

/** The application as it is registered at the forge: with a secret where that is kept on a server. */
function register(spot: Spot): Registered {
  const url = spot.servers.app + pathOf(spot)
  const app = { client_id: 'harbour', name: 'Harbour log' }
  return spot.choices.client === 'own'
    ? { ...app, redirect_uris: [`${url}callback`] }
    : { ...app, redirect_uris: [`${url}auth/callback/forge`], client_secret: SECRET }
}

function settingsOf(spot: Spot): Settings {
  const { client, grant = 'code', flow = 'redirect' } = spot.choices
  const { kind, profile, resource, scope } = EMULATED[spot.column]
  return {
    ...{ client, grant, flow, path: pathOf(spot), resource },
    forge: { kind, options: { ...optionsOf(spot), ...(profile && { profile }) } },
    ...(scope && { scope }),
  }
}

/** Makes the backend of a page that is no client itself. */
function startBackend(
  spot: Spot,
  { provider, server, forge, now }: Place & { now: () => number; server: Exchange[] },
) {
  const { client } = spot.choices
  if (client === 'own') return
  const { scope } = EMULATED[spot.column]
  const send = noted(server, forge.fetch)
  const app = { client_id: 'harbour', client_secret: SECRET, ...(scope && { scope }) }
  return createBff({
    publicOrigin: spot.servers.app,
    basePath: `${pathOf(spot)}auth`,
    providers: { forge: { provider, ...app } },
    tokens: client === 'mediated' ? 'browser' : 'server',
    cookieSecret: 'a cookie secret of the tests, long enough to seal',
    // Without a wire, so that all that is on wires is the browser's.
    fetch: (input, init) => send(new Request(input, init)),
    now,
  })
}

/** Sets up a page with what it needs, below a path that nobody else has. */
export function openPlace(servers: Servers, column: Column, choices: Choices): Place {
  const spot = { servers, id: `at-${randomUUID()}`, column, choices }
  const { sent, ...emulated } = EMULATED[column]
  const clock = { ahead: 0 }
  const now = () => Date.now() + clock.ahead
  const provider = emulated.provider(optionsOf(spot))
  const setup = { basePath: `/${spot.id}`, clients: [register(spot)] as const, now }
  const forge = emulated.forge({ ...setup, ...(choices.cors && { cors: true }) })
  const browser: Exchange[] = []
  const server: Exchange[] = []
  const url = servers.app + pathOf(spot)
  const resource = `${provider.api_base}${emulated.resource}`
  const place = { url, provider, forge, browser, server, clock, resource, sent }
  const backend = startBackend(spot, { ...place, now })
  const mounted: Mounted = {
    settings: settingsOf(spot),
    connect: { own: servers.forge, bff: "'self'", mediated: `'self' ${servers.forge}` }[choices.client],
    backend: backend && noted(browser, backend.fetch),
    forge: noted(browser, forge.fetch),
  }
  servers.mounts.set(spot.id, mounted)
  return place
}
