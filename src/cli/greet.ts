import type { Forge, ForgeClient, ForgeName } from '../emulator/index.ts'
import type { ForgeCommand } from './command.ts'

/** A running forge, and the command that started it. */
export interface Served {
  readonly address: string
  readonly command: ForgeCommand
  readonly forge: Forge
}

/** What a sign-in needs to ask for to see who it is, where the forge has scopes. */
const scopes: Readonly<Record<ForgeName, string | undefined>> = {
  gitlab: 'read_user',
  gitea: 'read:user',
  gitcode: 'all_user',
  gitkraken: 'user:read',
  gitshare: 'read',
  github: 'read:user',
  forgejo: undefined,
}

const scopeOf = ({ forge, profile }: ForgeCommand): string =>
  scopes[forge] === undefined || (forge === 'gitea' && profile === 'documented')
    ? ''
    : `, scope: '${scopes[forge]}'`

const providerOf = ({ address, command: { forge, profile } }: Served): string =>
  `${forge}({ base: '${address}'${profile === 'documented' ? ", profile: 'documented'" : ''} })`

/** The lines that point an application at the forge: where there is a secret, that is its BFF. */
function snippet(served: Served, { client_id, client_secret }: ForgeClient): string {
  const { forge, profile } = served.command
  const scope = scopeOf(served.command)
  // Its page has the implicit grant for applications without a secret.
  const implicit = forge === 'gitlab' && profile === 'documented'
  if (!client_secret)
    return `  import { createClient${implicit ? ', implicit' : ''} } from 'forgepass'
  import { ${forge} } from 'forgepass/providers'
  const client = createClient({ provider: ${providerOf(served)}, ${implicit ? 'grant: implicit(), ' : ''}client_id: '${client_id}', redirect_uri: '/callback'${scope} })`
  return `  import { createBff } from 'forgepass/bff'
  import { ${forge} } from 'forgepass/providers'
  const bff = createBff({
    publicOrigin: 'http://localhost:5173', basePath: '/auth', cookieSecret: crypto.randomUUID(),
    providers: { ${forge}: { provider: ${providerOf(served)}, client_id: '${client_id}', client_secret: '${client_secret}'${scope} } },
  })`
}

/** Warns of what a browser client would run into. */
const warning = ({ command: { forge, cors } }: Served, { client_secret }: ForgeClient): string =>
  (forge === 'gitea' || forge === 'forgejo') && !cors && !client_secret
    ? '\nPages of other origins cannot read it, as it comes: start it with --cors for a browser client.\n'
    : ''

const faultsOf = ({ command: { faults } }: Served): string =>
  faults.length > 0 ? `\nGoing wrong on purpose: ${faults.join(', ')}.\n` : ''

const list = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `  ${row.map((cell) => cell.padEnd(20)).join(' ')}`.trimEnd()).join('\n')

const placesOf = ({ redirect_uris }: ForgeClient): string =>
  redirect_uris === 'loopback' ? 'any address on this machine' : redirect_uris.join(', ')

/** Says where the forge is, how an application is pointed at it, and who can sign in. */
export function greet(served: Served): string {
  const { users, clients, personal_access_tokens, name } = served.forge
  const [client = { client_id: '', name: '', redirect_uris: 'loopback' }] = clients
  return `${name} (emulated by forgepass) is at ${served.address}

Point your application at it:

${snippet(served, client)}

It sends people back to ${placesOf(client)}.
${warning(served, client)}${faultsOf(served)}
Applications and their secrets:

${list(clients.map(({ client_id, client_secret = '(public)' }) => [client_id, client_secret]))}

People and their passwords:

${list(users.map(({ username, password }) => [username, password]))}

Personal access tokens:

${list(personal_access_tokens.map(({ username, token }) => [username, token]))}

Press Ctrl+C to stop.
`
}
