import type { ForgeKind } from './emulation.ts'
import { buildForge, type Forge } from './forge.ts'
import { type ForgejoForgeOptions, forgejo, forgejoVersions } from './forgejo/forgejo.ts'
import { type GitCodeForgeOptions, gitcode } from './gitcode/gitcode.ts'
import { type GiteaForgeOptions, gitea } from './gitea/gitea.ts'
import { type GitHubForgeOptions, github } from './github/github.ts'
import { type GitKrakenForgeOptions, gitkraken } from './gitkraken/gitkraken.ts'
import { type GitLabForgeOptions, gitlab } from './gitlab/gitlab.ts'
import { type GitShareForgeOptions, gitshare } from './gitshare/gitshare.ts'

interface OptionsByName {
  readonly gitlab: GitLabForgeOptions
  readonly gitea: GiteaForgeOptions
  readonly gitcode: GitCodeForgeOptions
  readonly gitkraken: GitKrakenForgeOptions
  readonly gitshare: GitShareForgeOptions
  readonly github: GitHubForgeOptions
  readonly forgejo: ForgejoForgeOptions
}

/** The name of a forge that can be emulated. */
export type ForgeName = keyof OptionsByName

/** How a forge of one name is set up; without a name, whatever any forge takes. */
export type ForgeOptions<Name extends ForgeName = ForgeName> = OptionsByName[Name]

/** The forges that can be emulated. */
const kinds: { readonly [Name in ForgeName]: (options: OptionsByName[Name]) => ForgeKind } = {
  gitlab,
  gitea,
  gitcode,
  gitkraken,
  gitshare,
  github,
  forgejo,
}

const either = [true, false]
const profile = ['current', 'documented']
const errors = ['oauth', 'message', 'html']

/** What the options may be that are a choice; a forge has no others than these. */
export const forgeChoices: { readonly [Name in ForgeName]: Readonly<Record<string, readonly unknown[]>> } = {
  gitlab: { profile, cors: either },
  gitea: { profile, cors: either, invalidate_refresh_tokens: either },
  gitcode: { cors: either, errors },
  gitkraken: { cors: either, errors },
  gitshare: { profile, cors: either },
  github: { expiring_tokens: either },
  forgejo: { version: forgejoVersions, cors: either, invalidate_refresh_tokens: either },
}

/** Says what is wrong with an option that is a choice, if anything is. */
function objection(name: ForgeName, option: string, value: unknown): string | undefined {
  const known = option === 'coop' ? ['same-origin'] : forgeChoices[name][option]
  if (!known) return `The forge "${name}" has no option "${option}".`
  if (known.includes(value)) return
  return `The option "${option}" of the forge "${name}" cannot be ${JSON.stringify(value)}: take ${known.join(' or ')}.`
}

function check(name: ForgeName, options: object): void {
  const names = new Set(['coop', ...Object.values(forgeChoices).flatMap((own) => Object.keys(own))])
  for (const [option, value] of Object.entries(options)) {
    const problem = names.has(option) && value !== undefined && objection(name, option, value)
    if (problem) throw new TypeError(problem)
  }
}

/**
 * Builds a forge in memory that answers as the real one does, without network or registration. For development and tests
 * only: its passwords and secrets are public and its tokens are worth nothing. Throws for a name or an option that cannot be.
 * @example
 * const forge = createForge('gitlab', { basePath: '/forge/gitlab' })
 * const response = await forge.fetch(new Request('http://localhost/forge/gitlab/oauth/token', { method: 'POST' }))
 */
export function createForge<Name extends ForgeName>(
  name: Name,
  options: ForgeOptions<Name> = {} as ForgeOptions<Name>,
): Forge {
  const { basePath = '' } = options
  if (!Object.hasOwn(kinds, name)) {
    throw new TypeError(`There is no forge "${name}": take one of ${Object.keys(kinds).join(', ')}.`)
  }
  if (!/^(\/.*[^/])?$/.test(basePath)) {
    throw new TypeError(`The basePath "${basePath}" must start with a slash and not end with one.`)
  }
  check(name, options)
  return buildForge(kinds[name](options), options)
}
