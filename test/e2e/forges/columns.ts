import { createForge, type Forge, type ForgeClient } from '../../../src/emulator/index.ts'
import {
  forgejo,
  gitcode,
  gitea,
  github,
  gitkraken,
  gitlab,
  gitshare,
  type Provider,
} from '../../../src/provider/index.ts'
import type { Column } from '../../forges/table.ts'
import type { ForgeSettings } from './page/clients.ts'

/** The application as it is registered at a forge. */
export type Registered = ForgeClient & { readonly redirect_uris: readonly [string] }

/** What every forge is made with. */
export interface Setup {
  readonly basePath: string
  readonly clients: readonly [Registered]
  readonly now: () => number
  /** Whether its admin lets pages of other origins read it. Default: as the forge comes. */
  readonly cors?: true
}

/** What a backend sends to a forge, as that documents it: stated here once more, so that the provider cannot be wrong alone. */
export interface Sent {
  /** Which requests name it. */
  readonly redirect_uri: 'both' | 'authorization' | 'none'
  readonly pkce: boolean
  /** Where the parameters of a token request stand, the secret apart. */
  readonly parameters: 'body' | 'query'
  /** What a refresh sends beside the refresh token. */
  readonly refresh: 'client' | 'nothing' | 'none there'
}

/** One column of the table, brought to life. */
export interface Emulated {
  readonly kind: ForgeSettings['kind']
  readonly profile?: 'documented'
  /** The provider for an emulated forge in place of the real one. */
  readonly provider: (options: { base: string; token_in?: 'query' }) => Provider
  readonly forge: (setup: Setup) => Forge
  /** What the application asks for. */
  readonly scope?: string
  /** A part of the API that takes these scopes. */
  readonly resource: string
  readonly sent: Sent
}

/** How long tokens live where they end, in seconds. */
export const LIFETIME = 3600

const lasting = { expires_in: LIFETIME }
const documented = 'documented'

const usual: Sent = { redirect_uri: 'both', pkce: true, parameters: 'body', refresh: 'client' }
const withoutPkce: Sent = { ...usual, pkce: false }

/** A client that has a secret, where there is no other. */
const confidential = ({ clients: [client], ...setup }: Setup) => ({
  ...setup,
  clients: [{ ...client, client_secret: client.client_secret ?? 'of nobody' }] as const,
})

export const EMULATED: Readonly<Record<Column, Emulated>> = {
  GitLab: {
    kind: 'gitlab',
    provider: (options) => gitlab(options),
    forge: (setup) => createForge('gitlab', { ...setup, ...lasting }),
    scope: 'read_user read_api',
    resource: 'projects?membership=true',
    sent: usual,
  },
  'GitLab, documented': {
    kind: 'gitlab',
    profile: documented,
    provider: (options) => gitlab({ ...options, profile: documented }),
    forge: (setup) => createForge('gitlab', { ...setup, ...lasting, profile: documented }),
    scope: 'api',
    resource: 'projects?membership=true',
    sent: withoutPkce,
  },
  Gitea: {
    kind: 'gitea',
    provider: (options) => gitea(options),
    forge: (setup) => createForge('gitea', { ...setup, ...lasting }),
    scope: 'read:user read:repository',
    resource: 'user/repos',
    sent: usual,
  },
  'Gitea, documented': {
    kind: 'gitea',
    profile: documented,
    provider: (options) => gitea({ ...options, profile: documented }),
    forge: (setup) => createForge('gitea', { ...setup, ...lasting, profile: documented }),
    resource: 'user/repos',
    sent: usual,
  },
  Forgejo: {
    kind: 'forgejo',
    provider: (options) => forgejo(options),
    forge: (setup) => createForge('forgejo', { ...setup, ...lasting }),
    resource: 'user/repos',
    sent: usual,
  },
  GitHub: {
    kind: 'github',
    provider: (options) => github(options),
    forge: ({ cors: _, ...setup }) =>
      createForge('github', { ...confidential(setup), ...lasting, expiring_tokens: true }),
    scope: 'read:user repo',
    resource: 'user/repos',
    sent: usual,
  },
  GitCode: {
    kind: 'gitcode',
    provider: (options) => gitcode(options),
    forge: (setup) => createForge('gitcode', { ...confidential(setup), ...lasting }),
    scope: 'all_user all_repository',
    resource: 'user/repos',
    sent: { redirect_uri: 'authorization', pkce: false, parameters: 'query', refresh: 'nothing' },
  },
  GitShare: {
    kind: 'gitshare',
    provider: (options) => gitshare(options),
    forge: (setup) => createForge('gitshare', { ...confidential(setup), ...lasting }),
    scope: 'read write',
    resource: 'path/info/',
    sent: withoutPkce,
  },
  GitKraken: {
    kind: 'gitkraken',
    provider: (options) => gitkraken(options),
    forge: (setup) => createForge('gitkraken', confidential(setup)),
    scope: 'board:read user:read',
    resource: 'boards?fields=name',
    sent: { redirect_uri: 'none', pkce: false, parameters: 'body', refresh: 'none there' },
  },
}
