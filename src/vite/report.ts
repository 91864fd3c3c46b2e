import type { ResolvedConfig } from 'vite'
import { type Finding, findSecrets, type NamedFile, reportFinding, type Source } from '../guard/index.ts'
import { shortPath } from './sources.ts'

/** Tells where a secret in an output file came from, if it can. */
export type Origin = (finding: Finding, value: string) => readonly Source[]

/** What a check needs to know of the build. */
export interface Check {
  readonly config: ResolvedConfig
  /** The environment variables, those of `.env` files too. */
  readonly environment: Readonly<Record<string, string>>
  /** The secrets by name. */
  readonly values: Readonly<Record<string, string>>
  /** The first that can tell is asked. */
  readonly origins: readonly Origin[]
}

/** Names the environment variables that have a secret as their value. */
function variablesWith(value: string, { environment, config: { envPrefix = 'VITE_' } }: Check) {
  const all = Object.entries(environment)
  const variables = all.filter(([, text]) => text === value).map(([name]) => name)
  const exposed = variables.find((name) => [envPrefix].flat().some((prefix) => name.startsWith(prefix)))
  return { variables, exposed }
}

function describe(finding: Finding, check: Check): string {
  const { config, values, origins } = check
  const value = values[finding.secret] ?? ''
  const sources = origins.reduce<readonly Source[]>(
    (found, origin) => (found.length > 0 ? found : origin(finding, value)),
    [],
  )
  const shown = sources.map((source) => ({ ...source, path: shortPath(source.path, config.root) }))
  return reportFinding(finding, { ...variablesWith(value, check), sources: shown })
}

/** Says which secrets are in these files, one sentence each; should the name of a file quote one, it is left out. */
export function report(files: Iterable<NamedFile>, check: Check): string {
  const values = Object.values(check.values)
  // With nothing to look for there is nothing to read.
  const findings = values.length > 0 ? findSecrets(files, check.values) : []
  const sentences = findings.map((finding) => describe(finding, check)).join('\n')
  return values.reduce((text, value) => text.replaceAll(value, '…'), sentences)
}
