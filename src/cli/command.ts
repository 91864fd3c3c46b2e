import { parseArgs } from 'node:util'
import { isLoopback } from '../emulator/redirect-uri.ts'

/** What `forgepass forge <name>` is to serve, and where. */
export interface ForgeCommand {
  readonly forge: 'gitlab'
  readonly host: string
  readonly port: number
  readonly client_id: string
  /** Empty: any address on this machine. */
  readonly redirect_uris: readonly string[]
  /** In seconds. */
  readonly expires_in: number
}

/** What a command line asks for. */
export type Command =
  | { readonly help: string }
  | { readonly problem: string }
  | { readonly serve: ForgeCommand }

/** What `--help` prints. */
const help = `Usage: forgepass forge gitlab [options]

Serves a forge in memory on this machine, to sign in with while you develop.

Options:
  --port <number>          Port to listen on; 0 picks a free one (default: 4010)
  --host <address>         Loopback address to listen on (default: 127.0.0.1)
  --client-id <id>         Client ID of your application (default: forgepass-demo)
  --redirect-uri <uri>     Redirect URI of your application, may be repeated
                           (default: any address on this machine)
  --expires-in <seconds>   Lifetime of an access token (default: 7200)
  --help                   Show this text
`

const options = {
  port: { type: 'string', default: '4010' },
  host: { type: 'string', default: '127.0.0.1' },
  'client-id': { type: 'string', default: 'forgepass-demo' },
  'redirect-uri': { type: 'string', multiple: true, default: [] as string[] },
  'expires-in': { type: 'string', default: '7200' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Values = ReturnType<typeof read>['values']

const read = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

/** Names what is wrong with the options, if anything is. */
function problemOf(values: Values): string | undefined {
  const { port, host } = values
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    return `--port must be a number from 0 to 65535, not "${port}".`
  if (!isLoopback(host)) {
    return `--host must be a loopback address, not "${host}": everyone knows the passwords of this forge.`
  }
  if (!/^[1-9]\d*$/.test(values['expires-in'])) {
    return `--expires-in must be a number of seconds above 0, not "${values['expires-in']}".`
  }
  const uri = values['redirect-uri'].find((candidate) => !URL.canParse(candidate))
  return uri === undefined ? undefined : `--redirect-uri must be an absolute URI, not "${uri}".`
}

const toForgeCommand = (values: Values): ForgeCommand => ({
  forge: 'gitlab',
  host: values.host,
  port: Number(values.port),
  client_id: values['client-id'],
  redirect_uris: values['redirect-uri'],
  expires_in: Number(values['expires-in']),
})

/** Reads a command line, without the program's own name; a problem is one sentence. */
export function parseCommand(args: readonly string[]): Command {
  try {
    const { values, positionals } = read(args)
    const [command, name, extra] = positionals
    if (values.help || args.length === 0) return { help }
    if (command !== 'forge')
      return { problem: `Unknown command "${command ?? ''}": try "forgepass forge gitlab".` }
    if (name !== 'gitlab') return { problem: `Unknown forge "${name ?? ''}": there is "gitlab".` }
    if (extra !== undefined) return { problem: `Unknown argument "${extra}".` }
    const problem = problemOf(values)
    return problem ? { problem } : { serve: toForgeCommand(values) }
  } catch (error) {
    // parseArgs explains itself at length after its first sentence.
    return { problem: `${(error as Error).message.split(/\. |\n/)[0]?.replace(/\.?$/, '.')}` }
  }
}
