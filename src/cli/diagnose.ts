import { parseArgs } from 'node:util'
import { adviseCors, type Check, diagnose } from '../client/diagnose.ts'
import { forgejo } from '../provider/forgejo.ts'
import { gitcode } from '../provider/gitcode.ts'
import { gitea } from '../provider/gitea.ts'
import { github } from '../provider/github.ts'
import { gitkraken } from '../provider/gitkraken.ts'
import { gitlab } from '../provider/gitlab.ts'
import { gitshare } from '../provider/gitshare.ts'
import type { Provider } from '../provider/provider.ts'

/** Which application at which forge `forgepass diagnose <forge>` is about. */
export interface DiagnoseCommand {
  readonly provider: Provider
  readonly client_id: string
  readonly redirect_uri?: string
}

interface Place {
  readonly base?: string
  readonly profile?: 'current' | 'documented'
}

const presets: Readonly<Record<string, (place: Place) => Provider>> = {
  gitlab,
  gitea: ({ base = '', ...place }) => gitea({ base, ...place }),
  gitcode,
  gitkraken,
  gitshare,
  github,
  forgejo,
}

const forges = Object.keys(presets)

/** Those of which there is more than one kind. */
const profiled = ['gitlab', 'gitea']

/** What `diagnose --help` prints. */
const help = `Usage: forgepass diagnose <forge> --client-id <id> [options]

Tells what stands in the way of signing in at a forge from a browser app: what
is known of the forge, and what it answers to a made-up code. Signs nobody in.
Exits with 0 if nothing failed, with 1 if something did. The forge is one of
${forges.join(', ')}.

Options:
  --client-id <id>         Your application's ID
  --base <url>             Where the forge is (default: the public one, if any)
  --redirect-uri <uri>     Redirect URI of your application
  --profile <name>         Which GitLab or Gitea: current, or documented, as its
                           first OAuth page has it (default: current)
  --help                   Show this text
`

const options = {
  base: { type: 'string' },
  'client-id': { type: 'string', default: '' },
  'redirect-uri': { type: 'string' },
  profile: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Whether it is an address that could be asked, and one without a password, which would be printed. */
function isAddress(text: string): boolean {
  const url = URL.canParse(text) && new URL(text)
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
}

const read = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

type Values = ReturnType<typeof read>['values']

/** Names what is wrong with a command line, if anything is. */
function problemOf(values: Values, [name = '', extra]: readonly string[]): string | undefined {
  const { base, profile, 'client-id': client_id, 'redirect-uri': redirect_uri = 'app:/' } = values
  if (!forges.includes(name))
    return `Unknown forge "${name}": there are ${forges.map((known) => `"${known}"`).join(', ')}.`
  if (extra !== undefined) return `Unknown argument "${extra}".`
  if (!client_id) return 'Give --client-id, the ID that the forge gave to your application.'
  if (base === undefined && name === 'gitea') return 'Give --base: a gitea is where you run it.'
  if (base !== undefined && !isAddress(base))
    return '--base must be an address such as https://git.example.org.'
  if (profile !== undefined && !profiled.includes(name))
    return `--profile is for ${profiled.join(', ')} alone.`
  if (!['current', 'documented'].includes(profile ?? 'current'))
    return `--profile must be current or documented, not "${profile}".`
  return URL.canParse(redirect_uri)
    ? undefined
    : `--redirect-uri must be an absolute URI, not "${redirect_uri}".`
}

/** Reads the command line after `diagnose`; a problem is one sentence. Throws what `parseArgs` does. */
export function parseDiagnose(
  args: readonly string[],
): { readonly help: string } | { readonly problem: string } | { readonly diagnose: DiagnoseCommand } {
  const { values, positionals } = read(args)
  if (values.help) return { help }
  const problem = problemOf(values, positionals)
  if (problem !== undefined) return { problem }
  const { base, profile, 'client-id': client_id, 'redirect-uri': redirect_uri } = values
  const place = { ...(base && { base }), ...(profile && { profile: profile as 'current' }) }
  const provider = presets[positionals[0] ?? '']?.(place) as Provider
  return { diagnose: { provider, client_id, ...(redirect_uri && { redirect_uri }) } }
}

/** The origin whose pages are to read the answer: that of the redirect URI, or of a page somewhere. */
function originOf({ redirect_uri = '' }: DiagnoseCommand): string {
  const { protocol = '', origin = '' } = URL.canParse(redirect_uri) ? new URL(redirect_uri) : {}
  return /^https?:$/.test(protocol) ? origin : 'https://app.example'
}

/** Judges as a browser would, by the header that lets other origins read (Fetch standard, CORS check). */
function judgeCors(
  check: Check,
  { provider, origin, allowed }: { provider: Provider; origin: string; allowed: string | null },
): Check {
  const ok = allowed === '*' || allowed === origin
  const says = `By its headers ${ok ? 'pages' : 'no page'} of ${origin} may read the answer.`
  const sure = 'CORS can only be seen from a browser: to be sure call diagnose() in your page.'
  return { ...check, ok, says, hint: ok ? sure : `${adviseCors(provider)} ${sure}` }
}

const marks = new Map<unknown, string>([
  [true, '✓'],
  [false, '✗'],
])

/** Writes a checklist as plain text, one line for each check and one for what to do about it. */
const write = (checks: readonly Check[]): string =>
  checks
    .map(({ id, ok, says, hint }) => {
      const line = `${marks.get(ok) ?? '?'} ${id.padEnd(16)} ${says}\n`
      return hint ? `${line}${' '.repeat(19)}${hint}\n` : line
    })
    .join('')

/** Diagnoses, as a page of the application's origin would ask; gives the text, and whether nothing failed. */
export async function runDiagnose(command: DiagnoseCommand): Promise<{ text: string; isWell: boolean }> {
  const { provider } = command
  const origin = originOf(command)
  let allowed: string | null | undefined
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    // Node lets it be set, which a page could not do.
    request.headers.set('origin', origin)
    const response = await fetch(request)
    if (request.mode !== 'no-cors') allowed = response.headers.get('access-control-allow-origin')
    return response
  }
  const { checks } = await diagnose({ ...command, fetch: send })
  const judged = checks.map((check) =>
    check.id === 'cors' && allowed !== undefined ? judgeCors(check, { provider, origin, allowed }) : check,
  )
  const { name, issuer } = provider
  const text = `${name} at ${issuer}\n\n${write(judged)}\nNobody was signed in.\n`
  return { text, isWell: judged.every(({ ok }) => ok !== false) }
}
