import {
  forgejo,
  gitcode,
  gitea,
  github,
  gitkraken,
  gitlab,
  gitshare,
  type Provider,
} from '../../src/provider/index.ts'

/** The forges as the table of the README has them, a column each. */
export const COLUMNS = {
  GitLab: gitlab(),
  'GitLab, documented': gitlab({ profile: 'documented' }),
  Gitea: gitea({ base: 'https://gitea.example' }),
  'Gitea, documented': gitea({ base: 'https://gitea.example', profile: 'documented' }),
  Forgejo: forgejo(),
  GitHub: github(),
  GitCode: gitcode(),
  GitShare: gitshare(),
  GitKraken: gitkraken(),
} as const satisfies Readonly<Record<string, Provider>>

export type Column = keyof typeof COLUMNS

/** What a cell says; an empty one is `undefined`. */
export type Cell = 'yes' | 'with CORS' | undefined

const when = (condition: unknown): Cell => (condition ? 'yes' : undefined)

/** What a page may do where it can read what it needs: always, once an admin allows it, or never. */
const shared = ({ cors }: Provider, ...parts: ('token' | 'api')[]): Cell => {
  const all = parts.map((part) => cors?.[part] ?? 'never')
  if (all.includes('never')) return
  return all.includes('configured') ? 'with CORS' : 'yes'
}

/** The forges whose presets put a token into an address for whoever asks for that by name. */
const IN_ADDRESSES = [gitlab({ token_in: 'query' }), gitshare({ token_in: 'query' })]
  .filter(({ token_in }) => token_in === 'query')
  .map(({ id }) => id)

const isPublic = ({ grants }: Provider, grant: keyof Provider['grants']) => grants[grant] === 'public'

/** What forgepass does at a forge, a row each, told from the data of its provider alone. */
export const ROWS = {
  'page: code with PKCE': (provider) =>
    isPublic(provider, 'code') ? shared(provider, 'token', 'api') : undefined,
  'page: in a popup': (provider) =>
    isPublic(provider, 'code') ? shared(provider, 'token', 'api') : undefined,
  'page: implicit': (provider) =>
    isPublic(provider, 'implicit') ? shared(provider, 'token', 'api') : undefined,
  'page: password': (provider) =>
    isPublic(provider, 'password') ? shared(provider, 'token', 'api') : undefined,
  'page: personal token': (provider) =>
    provider.grants.personal_token ? shared(provider, 'api') : undefined,
  'page: renewal': (provider) =>
    isPublic(provider, 'code') && isPublic(provider, 'refresh') ? shared(provider, 'token') : undefined,
  'BFF: code': ({ grants }) => when(grants.code),
  'BFF: in a popup': ({ grants }) => when(grants.code),
  'BFF: pasted code': ({ manual_redirect_uri }) => when(manual_redirect_uri),
  'BFF: renewal': ({ grants }) => when(grants.code && grants.refresh),
  'BFF: token for the page': ({ grants }) => when(grants.code),
  'token in the address': ({ id }) => when(IN_ADDRESSES.includes(id)),
  'revoked at sign-out': ({ revocation_endpoint }) => when(revocation_endpoint),
} as const satisfies Readonly<Record<string, (provider: Provider) => Cell>>

export type Row = keyof typeof ROWS

/** The whole table, row by row. */
export const cellOf = (row: Row, column: Column): Cell => ROWS[row](COLUMNS[column])
