import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createForge, type Forge, type ForgeFault } from '../emulator/index.ts'
import { toNodeListener } from '../node/index.ts'
import type { ForgeCommand } from './command.ts'
import { greet } from './greet.ts'

/** Where an application waits for GitKraken, which knows one callback only: at Vite's port, in the BFF. */
const gitkrakenCallback = 'http://localhost:5173/auth/callback/gitkraken'

/** What the command line says of the application, over what the forge's demo client has. */
function registrationOf(command: ForgeCommand, { clients: [demo] }: Forge) {
  const { client_id = demo?.client_id ?? '', redirect_uris } = command
  const client_secret = command.client_secret ?? demo?.client_secret
  return {
    client_id,
    name: client_id,
    redirect_uris: redirect_uris.length > 0 ? redirect_uris : ('loopback' as const),
    ...(client_secret && { client_secret }),
  }
}

function makeGitKraken(command: ForgeCommand, options: { fault: readonly ForgeFault[] }): Forge {
  const { client_secret = '', ...client } = registrationOf(command, createForge('gitkraken'))
  const [uri = gitkrakenCallback] = command.redirect_uris
  const clients = [{ ...client, client_secret, redirect_uris: [uri] as const }]
  return createForge('gitkraken', { ...options, clients })
}

/** Makes the forge that a command asks for, with its own demo clients unless another is described. */
function makeForge(command: ForgeCommand): Forge {
  const { forge, profile, cors, expires_in, client_id, client_secret, redirect_uris } = command
  const fault = command.faults as readonly ForgeFault[]
  if (forge === 'gitkraken') return makeGitKraken(command, { fault })
  const options = {
    ...{ fault, ...(profile && { profile }), ...(cors && { cors }) },
    // A lifetime makes it one whose tokens have any.
    ...(forge === 'github' && expires_in && { expiring_tokens: true }),
  }
  const described = client_id ?? client_secret ?? redirect_uris[0]
  const more = {
    ...(expires_in && { expires_in }),
    ...(described && { clients: [registrationOf(command, createForge(forge, options))] }),
  }
  return createForge(forge, { ...options, ...more })
}

const listen = (server: Server, { host, port }: ForgeCommand): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })

/** Serves a forge and gives the running server with what to tell the person; rejects with the error of `listen`. */
export async function serveForge(command: ForgeCommand): Promise<{ server: Server; greeting: string }> {
  const forge = makeForge(command)
  const server = createServer(toNodeListener(forge.fetch))
  await listen(server, command)
  const { address, port } = server.address() as AddressInfo
  const host = command.host === 'localhost' || !address.includes(':') ? command.host : `[${address}]`
  return { server, greeting: greet({ address: `http://${host}:${port}`, command, forge }) }
}
