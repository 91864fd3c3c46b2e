import type { Finding } from './find-secrets.ts'

/** A source file that brought a secret into an output file. */
export interface Source {
  readonly path: string
  readonly variable?: string | undefined
}

/** What is known of a secret that was found. */
export interface Evidence {
  /** Environment variables that have it as their value. */
  readonly variables?: readonly string[]
  /** The one of them that a bundler puts into pages because of its name. */
  readonly exposed?: string | undefined
  /** Source files that hold it. */
  readonly sources?: readonly Source[]
}

const WORDS = { plain: '', escaped: ', escaped', base64: ', in base64' } as const

const quoteSource = ({ path, variable }: Source) =>
  variable === undefined ? path : `${path}, variable "${variable}"`

function nameOf(secret: string, variables: readonly string[]): string {
  if (variables.length === 0) return `"${secret}"`
  return `"${secret}" (environment variable ${variables.join(', ')})`
}

/** Says where a secret was found, where it came from and what to do, without the secret. */
export function reportFinding({ file, secret, spelling }: Finding, evidence: Evidence = {}): string {
  const { variables = [], exposed, sources = [] } = evidence
  const from = sources.length > 0 ? `, from ${sources.map(quoteSource).join(' and ')}` : ''
  const found = `${file} contains the secret ${nameOf(secret, variables)}${WORDS[spelling]}${from}.`
  const mend = exposed ? `Rename ${exposed}, whose prefix makes it public` : 'Import it only in server code'
  return `forgepass: ${found} ${mend}, and reset it if this build was published.`
}
