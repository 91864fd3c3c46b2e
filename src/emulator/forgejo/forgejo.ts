import { demoBffClient, demoClient } from '../client.ts'
import type { ForgeKind } from '../emulation.ts'
import type { ForgeOptions } from '../forge.ts'
import { emulateGitea } from '../gitea/gitea.ts'
import type { Quirk } from '../gitea/profile.ts'

/** The releases of Forgejo that changed something here; each behaves as all do up to the next. */
export const forgejoVersions = [7, 8, 9, 13, 15] as const

/** A release of Forgejo that changed something here. */
export type ForgejoVersion = (typeof forgejoVersions)[number]

/** How a Forgejo is set up; the lifetime of its access tokens is 3600 seconds by default. */
export interface ForgejoForgeOptions extends ForgeOptions {
  /**
   * Which Forgejo: 8 tells the application of a denial, from 9 on a refresh token works once, 13 repairs PKCE's plain method,
   * 15 binds S256 and the `redirect_uri`. Default: 15.
   */
  readonly version?: ForgejoVersion
  /** Whether its admin has enabled CORS. Default: false, as Forgejo comes. */
  readonly cors?: boolean
  /** Whether a refresh token works once only. Default: as the version comes. */
  readonly invalidate_refresh_tokens?: boolean
}

/** What each release has mended or brought; Forgejo implements no scopes, and lets no code run out. */
const quirksOf = (version: number): readonly Quirk[] => [
  'lasting_codes',
  'no_scopes',
  'fixed_scope',
  ...(version < 8 ? (['bare_cancel'] as const) : []),
  ...(version < 13 ? (['plain_lost'] as const) : []),
  ...(version < 15
    ? (['s256_lost', 'unbound_redirect_uri', 'issuer_with_slash'] as const)
    : (['forgejo_words'] as const)),
]

/** Describes Forgejo, which has grown out of Gitea. */
export function forgejo(options: ForgejoForgeOptions): ForgeKind {
  const { version = 15, cors = false, invalidate_refresh_tokens = version >= 9 } = options
  const quirks = quirksOf(version)
  return {
    clients: [demoClient, demoBffClient],
    expires_in: 3600,
    scope: '',
    emulate: (store) =>
      emulateGitea(store, { name: 'Forgejo', profile: 'current', cors, quirks, invalidate_refresh_tokens }),
  }
}
