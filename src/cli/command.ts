import { parseArgs } from 'node:util'
import { forgeChoices } from '../emulator/create-forge.ts'
import { createFaults, type FaultOption, faults } from '../emulator/fault/faults.ts'
import type { ForgeName, GiteaProfile } from '../emulator/index.ts'
import { isLoopback } from '../emulator/redirect-uri.ts'
import { type DiagnoseCommand, parseDiagnose } from './diagnose.ts'

/** What `forgepass forge <name>` is to serve, and where; what is not given is as the forge has it. */
export interface ForgeCommand {
  readonly forge: ForgeName
  readonly host: string
  readonly port: number
  readonly profile?: GiteaProfile
  readonly cors?: true
  readonly client_id?: string
  readonly client_secret?: string
  /** Empty: where the forge's demo client may go. */
  readonly redirect_uris: readonly string[]
  /** In seconds. */
  readonly expires_in?: number
  readonly faults: readonly string[]
}

/** What a command line asks for. */
export type Command =
  | { readonly help: string }
  | { readonly problem: string }
  | { readonly serve: ForgeCommand }
  | { readonly diagnose: DiagnoseCommand }

const forges = Object.keys(forgeChoices) as ForgeName[]
const profiles = ['current', 'documented'] as const

const faultList = Object.entries(faults)
  .map(([name, { does }]) => `  ${name.padEnd(24)} ${does}`)
  .join('\n')

/** What `--help` prints. */
const help = `Usage: forgepass forge <${forges.join('|')}>
                       [options]
       forgepass diagnose --help

Serves a forge in memory on this machine, to sign in with while you develop.

Options:
  --port <number>          Port to listen on; 0 picks a free one (default: 4010)
  --host <address>         Loopback address to listen on (default: 127.0.0.1)
  --profile <name>         Which GitLab, Gitea or GitShare: current, or
                           documented, as its page has it (default: current)
  --cors                   Let pages of other origins read a forge that does not
                           let them as it comes
  --fault <name>           What goes wrong on purpose, may be repeated
  --client-id <id>         Your application's ID (default: forgepass-demo)
  --client-secret <text>   Its secret (default: none, or a public one where the
                           forge knows no application without)
  --redirect-uri <uri>     Redirect URI of your application, may be repeated
                           (default: any address on this machine; for gitkraken
                           http://localhost:5173/auth/callback/gitkraken)
  --expires-in <seconds>   Lifetime of an access token (default: the forge's)
  --help                   Show this text

Faults; slow:500, rate-limit:5 and clock-skew:3600 take another number:
${faultList}
`

const options = {
  port: { type: 'string', default: '4010' },
  host: { type: 'string', default: '127.0.0.1' },
  profile: { type: 'string' },
  cors: { type: 'boolean', default: false },
  fault: { type: 'string', multiple: true, default: [] as string[] },
  'client-id': { type: 'string' },
  'client-secret': { type: 'string' },
  'redirect-uri': { type: 'string', multiple: true, default: [] as string[] },
  'expires-in': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Values = ReturnType<typeof read>['values']

const read = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

const isOneOf = <T extends string>(list: readonly T[], value: unknown): value is T =>
  list.some((known) => known === value)

/** Names what is wrong with the options of any forge, if anything is. */
function problemOf(values: Values): string | undefined {
  const { port, host, 'expires-in': expires_in = '1' } = values
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    return `--port must be a number from 0 to 65535, not "${port}".`
  if (!isLoopback(host)) {
    return `--host must be a loopback address, not "${host}": everyone knows the passwords of this forge.`
  }
  if (!/^[1-9]\d*$/.test(expires_in)) {
    return `--expires-in must be a number of seconds above 0, not "${expires_in}".`
  }
  const empty = (['client-id', 'client-secret'] as const).find((name) => values[name] === '')
  if (empty) return `--${empty} must not be empty.`
  const uri = values['redirect-uri'].find((candidate) => !URL.canParse(candidate))
  return uri === undefined ? undefined : `--redirect-uri must be an absolute URI, not "${uri}".`
}

/** Names what is wrong with the profile, if anything is. */
function misfitProfile({ profile }: Values, forge: ForgeName): string | undefined {
  if (profile === undefined) return
  if (!('profile' in forgeChoices[forge]))
    return `--profile is for ${forges.filter((name) => 'profile' in forgeChoices[name]).join(', ')} alone.`
  return isOneOf(profiles, profile)
    ? undefined
    : `--profile must be ${profiles.join(' or ')}, not "${profile}".`
}

/** Names what is wrong with opening the forge, if anything is: some have no CORS, and some have it as they come. */
function misfitCors({ profile, cors }: Values, forge: ForgeName): string | undefined {
  if (!cors) return
  if (forge === 'gitea' && profile === 'documented')
    return '--cors is for a current Gitea: the documented one has no CORS.'
  if (forge === 'gitlab' && profile !== 'documented')
    return '--cors is for a documented GitLab: the current one is open as it comes.'
  if (isOneOf(['gitlab', 'gitea', 'gitshare', 'forgejo'], forge)) return
  return `--cors is not for ${forge}, which shares what it shares.`
}

/** Names what is wrong with the faults, if anything is. */
function misfitFaults({ fault }: Values): string | undefined {
  try {
    createFaults(fault as FaultOption, { always: [] })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Names what is wrong with the options for one forge, if anything is. */
function misfitOf(values: Values, forge: ForgeName): string | undefined {
  const problem = misfitProfile(values, forge) ?? misfitCors(values, forge) ?? misfitFaults(values)
  if (problem || forge !== 'gitkraken') return problem
  if (values['expires-in'] !== undefined)
    return '--expires-in is not for gitkraken: its tokens do not expire.'
  const several = values['redirect-uri'].length > 1
  return several ? '--redirect-uri may be given once for gitkraken, which knows one callback.' : undefined
}

const toForgeCommand = (values: Values, forge: ForgeName): ForgeCommand => ({
  forge,
  host: values.host,
  port: Number(values.port),
  ...(isOneOf(profiles, values.profile) && { profile: values.profile }),
  ...(values.cors && { cors: true as const }),
  ...(values['client-id'] && { client_id: values['client-id'] }),
  ...(values['client-secret'] && { client_secret: values['client-secret'] }),
  redirect_uris: values['redirect-uri'],
  ...(values['expires-in'] && { expires_in: Number(values['expires-in']) }),
  faults: values.fault,
})

function parseForgeCommand(values: Values, [name, extra]: readonly string[]): Command {
  if (!isOneOf(forges, name))
    return {
      problem: `Unknown forge "${name ?? ''}": there are ${forges.map((known) => `"${known}"`).join(', ')}.`,
    }
  if (extra !== undefined) return { problem: `Unknown argument "${extra}".` }
  const problem = problemOf(values) ?? misfitOf(values, name)
  return problem ? { problem } : { serve: toForgeCommand(values, name) }
}

/** Reads a command line, without the program's own name; a problem is one sentence. */
export function parseCommand(args: readonly string[]): Command {
  try {
    if (args[0] === 'diagnose') return parseDiagnose(args.slice(1))
    const { values, positionals } = read(args)
    const [command, ...rest] = positionals
    if (values.help || args.length === 0) return { help }
    if (command === 'forge') return parseForgeCommand(values, rest)
    return { problem: `Unknown command "${command ?? ''}": try "forgepass forge gitlab".` }
  } catch (error) {
    // parseArgs explains itself at length after its first sentence.
    return { problem: `${(error as Error).message.split(/\. |\n/)[0]?.replace(/\.?$/, '.')}` }
  }
}
