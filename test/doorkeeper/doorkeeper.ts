import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findEngine } from '../../scripts/engines.mjs'
import type { ForgeClient, ForgeUser } from '../../src/emulator/index.ts'

const SERVER = fileURLToPath(new URL('./server.rb', import.meta.url))

/** Whom and what the server knows, in the words of the emulator. */
export interface DoorkeeperOptions {
  readonly users: readonly ForgeUser[]
  readonly clients: readonly ForgeClient[]
  /** Lifetime of an access token in seconds. Default: 7200. */
  readonly expires_in?: number
}

/** A running server. */
export interface Doorkeeper {
  /** Such as `http://127.0.0.1:40123`. */
  readonly address: string
  /** Makes every code and token as many seconds older. */
  later(seconds: number): Promise<void>
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
  return {
    address,
    async later(seconds) {
      await fetch(`${address}/test/clock`, {
        method: 'POST',
        body: new URLSearchParams({ seconds: `${seconds}` }),
      })
    },
    async stop() {
      const timer = setTimeout(() => server.kill('SIGKILL'), 5000)
      // It ends with its input, so that it also ends when this process is killed.
      server.stdin.end()
      await ended
      clearTimeout(timer)
    },
  }
}
