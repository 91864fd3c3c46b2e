import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createForge, type Forge } from '../emulator/index.ts'
import { toNodeListener } from '../node/index.ts'
import type { ForgeCommand } from './command.ts'

/** Makes the forge that a command asks for. */
const forgeOf = ({ forge, client_id, redirect_uris, expires_in }: ForgeCommand): Forge =>
  createForge(forge, {
    expires_in,
    clients: [
      { client_id, name: client_id, redirect_uris: redirect_uris.length ? redirect_uris : 'loopback' },
    ],
  })

/** The lines that point an application at the forge. */
const snippet = (
  address: string,
  { client_id }: ForgeCommand,
): string => `  import { createClient } from 'forgepass'
  import { gitlab } from 'forgepass/providers'
  const client = createClient({ provider: gitlab({ base: '${address}' }), client_id: '${client_id}', redirect_uri: '/callback', scope: 'read_user' })`

/** Says where the forge is, how an application is pointed at it, and who can sign in. */
function greet(context: { address: string; command: ForgeCommand; forge: Forge }): string {
  const { address, command, forge } = context
  const people = forge.users.map(({ username, password }) => `  ${username.padEnd(12)} ${password}`)
  return `GitLab (emulated by forgepass) is at ${address}

Point your application at it:

${snippet(address, command)}

It sends people back to ${command.redirect_uris.join(', ') || 'any address on this machine'}.

People and their passwords:

${people.join('\n')}

Press Ctrl+C to stop.
`
}

const listen = (server: Server, { host, port }: ForgeCommand): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })

/** Serves a forge and gives the running server with what to tell the person; rejects with the error of `listen`. */
export async function serveForge(command: ForgeCommand): Promise<{ server: Server; greeting: string }> {
  const forge = forgeOf(command)
  const server = createServer(toNodeListener(forge.fetch))
  await listen(server, command)
  const { address, port } = server.address() as AddressInfo
  const host = command.host === 'localhost' || !address.includes(':') ? command.host : `[${address}]`
  return { server, greeting: greet({ address: `http://${host}:${port}`, command, forge }) }
}
