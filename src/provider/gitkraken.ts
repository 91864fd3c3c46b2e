import type { Provider } from './provider.ts'

/** Where GitKraken Boards stands. */
export interface GitKrakenOptions {
  /** One address in place of its three hosts, such as that of an emulated forge. Default: the real hosts. */
  readonly base?: string | URL
}

/** The grants of GitKraken Boards: the authorization code, against a secret only, and personal access tokens. */
export type GitKrakenGrants = { readonly code: 'confidential'; readonly personal_token: 'public' }

/** All scopes there are; writing includes reading. */
export type GitKrakenScope = 'board:read' | 'board:write' | 'user:read' | 'user:write'

/**
 * GitKraken Boards, which closed at the end of 2022: code against a secret, no PKCE, no `redirect_uri` parameter, no expiry.
 * For the BFF, or with a personal access token.
 * @example createBff({ providers: { gitkraken: { provider: gitkraken(), client_id, client_secret, scope: 'user:read' } }, ... })
 */
export function gitkraken({ base }: GitKrakenOptions = {}): Provider<GitKrakenGrants, GitKrakenScope> {
  const at = (host: string) =>
    (base === undefined ? `https://${host}.gitkraken.com` : `${base}`).replace(/\/+$/, '')
  return {
    id: 'gitkraken',
    name: 'GitKraken Boards',
    grants: { code: 'confidential', personal_token: 'public' },
    issuer: at('app'),
    authorization_endpoint: `${at('app')}/oauth/authorize`,
    token_endpoint: `${at('api')}/oauth/access_token`,
    pkce: 'none',
    authorization_redirect_uri: 'none',
    token_redirect_uri: 'none',
    scope_required: true,
    default_scope: 'user:read',
    api_base: `${at('gloapi')}/v1/glo/`,
    account: {
      url: 'user?fields=id,name,username,email',
      read: ({ id, name, username, email }) => ({ id, username, name, email }),
    },
    // Its page demands a backend for the code, and offers personal access tokens to whoever has none.
    cors: { token: 'never', api: 'always' },
    registration: { redirect_uri: 'fixed' },
    pages: { application: `${at('app')}/oauth_apps`, personal_token: `${at('app')}/pats` },
  }
}
