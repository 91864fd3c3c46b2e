import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findEngine } from '../../scripts/engines.mjs'
import type { ForgeClient, ForgeUser } from '../../src/emulator/index.ts'
import type { GitLabProfile } from '../../src/provider/gitlab.ts'
import type { Tokens } from './actor.ts'

const SERVER = fileURLToPath(new URL('./server.rb', import.meta.url))

/** Whom and what the server knows, in the words of the emulator. */
export interface DoorkeeperOptions {
  readonly users: readonly ForgeUser[]
  readonly clients: readonly ForgeClient[]
  /** Lifetime of an access token in seconds. Default: 7200. */
  readonly expires_in?: number
  /** Which GitLab it is set up as. Default: `current`. */
  readonly profile?: GitLabProfile
}

/** A token to give out by hand. */
export interface HandMade {
  readonly username: string
  readonly scope: string
  /** The application it is for. Default: none, as of a token that its owner has made in the settings. */
  readonly client_id?: string
}

/** A running server. */
export interface Doorkeeper {
  /** Such as `http://127.0.0.1:40123`. */
  readonly address: string
  /** Makes every code and token as many seconds older. */
  later(seconds: number): Promise<void>
  /** Begins anew: forgets every application, code and token, and registers these applications. */
  register(clients: readonly ForgeClient[]): Promise<void>
  /** Gives out an access token that nobody had to be asked for. */
  mint(token: HandMade): Promise<string>
  /** Lets no page of another origin read more than the API, until the next {@link register}. */
  closeToPages(): Promise<void>
  /** The tokens that it gave out last; reading them here disturbs no browser, and needs none that still has the answer. */
  lastTokens(): Promise<Tokens>
  stop(): Promise<void>
}

/** An application in the words of Doorkeeper's table. */
const toRow = ({ client_id, client_secret, name, redirect_uris, scopes = [], trusted }: ForgeClient) => ({
  uid: client_id,
  name,
  // Doorkeeper keeps one for public applications too, and gives it to nobody.
  secret: client_secret ?? 'nobody-knows',
  confidential: client_secret !== undefined,
  redirect_uri: [redirect_uris].flat().join('\n'),
  scopes: scopes.join(' '),
  trusted: trusted === true,
})

/** Builds what asks the server for what only a test may do. */
const byHand = (address: string) => async (what: string, params: object) => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(params)
  const response = await fetch(`${address}/test/${what}`, { method: 'POST', headers, body })
  if (!response.ok) throw new Error(`The server could not: ${what} ${response.status}`)
  return response
}

/** Starts Doorkeeper on a port of its own of the loopback address; throws with its own words if it does not come up. */
export async function startDoorkeeper({ users, clients, ...rest }: DoorkeeperOptions): Promise<Doorkeeper> {
  const settings = JSON.stringify({ ...rest, users, applications: clients.map(toRow) })
  const env = { ...process.env, FORGEPASS_SETTINGS: settings }
  const server = spawn((await findEngine('doorkeeper')) ?? 'ruby', [SERVER], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let words = ''
  server.stderr.on('data', (text) => {
    words += text
  })
  const ended = once(server, 'close')
  const started = once(createInterface(server.stdout), 'line')
  const [address] = await Promise.race([started, ended.then(() => [])])
  if (typeof address !== 'string') throw new Error(`Doorkeeper did not start: ${words}`)
  const post = byHand(address)
  return {
    address,
    later: async (seconds) => void (await post('clock', { seconds })),
    register: async (clients) => void (await post('applications', { applications: clients.map(toRow) })),
    mint: async (token) => (await (await post('tokens', token)).json()).access_token,
    closeToPages: async () => void (await post('cors', { oauth: 'closed' })),
    lastTokens: async () => (await fetch(`${address}/test/tokens`)).json(),
    async stop() {
      const timer = setTimeout(() => server.kill('SIGKILL'), 5000)
      // It ends with its input, so that it also ends when this process is killed.
      server.stdin.end()
      await ended
      clearTimeout(timer)
    },
  }
}
