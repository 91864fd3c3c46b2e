import { type GiteaGrants, type GiteaScope, gitea } from './gitea.ts'
import type { Provider } from './provider.ts'

/** Where a Forgejo stands. */
export interface ForgejoOptions {
  /** Its address, with or without a path and a trailing slash. Default: Codeberg. */
  readonly base?: string | URL
}

/**
 * Codeberg or any other Forgejo: from the browser where its admin has enabled CORS, else through the BFF.
 * @example forgejo({ base: 'https://code.example.org' })
 */
export const forgejo = ({
  base = 'https://codeberg.org',
}: ForgejoOptions = {}): Provider<GiteaGrants['current'], GiteaScope> => ({
  ...gitea({ base }),
  id: 'forgejo',
  name: base === 'https://codeberg.org' ? 'Codeberg' : 'Forgejo',
})
