import type { Provider } from './provider.ts'

/** Where GitCode stands. */
export interface GitCodeOptions {
  /** One address in place of its two hosts, such as that of an emulated forge. Default: the real hosts. */
  readonly base?: string | URL
}

/** The grants of GitCode: the authorization code, against a secret only, refresh without one, and personal access tokens. */
export type GitCodeGrants = {
  readonly code: 'confidential'
  readonly refresh: 'confidential'
  readonly personal_token: 'public'
}

/** Scopes as its answers name them. */
export type GitCodeScope =
  | 'all_groups'
  | 'all_hook'
  | 'all_issue'
  | 'all_key'
  | 'all_note'
  | 'all_pr'
  | 'all_projects'
  | 'all_repository'
  | 'all_user'

/**
 * GitCode: parameters of the token request in its address and the secret in its body, an answer without `token_type`, no PKCE, no
 * CORS at the token endpoint. For the BFF, or with a personal access token.
 * @example createBff({ providers: { gitcode: { provider: gitcode(), client_id, client_secret } }, ... })
 */
export function gitcode({ base }: GitCodeOptions = {}): Provider<GitCodeGrants, GitCodeScope> {
  const issuer = `${base ?? 'https://gitcode.com'}`.replace(/\/+$/, '')
  const api = base === undefined ? 'https://api.gitcode.com' : issuer
  return {
    id: 'gitcode',
    name: 'GitCode',
    grants: { code: 'confidential', refresh: 'confidential', personal_token: 'public' },
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    pkce: 'none',
    token_redirect_uri: 'none',
    token_request: 'query',
    refresh_authentication: 'none',
    token_type_missing: 'bearer',
    default_scope: 'all_user',
    api_base: `${api}/api/v5/`,
    account: {
      url: 'user',
      read: ({ id, login, name, email, avatar_url, html_url }) => ({
        id,
        username: login,
        name,
        email,
        avatar_url,
        profile_url: html_url,
      }),
    },
    // Of its API nothing is documented: taken to be open, as pages with a personal access token need it.
    cors: { token: 'never', api: 'always' },
    pages: { personal_token: `${issuer}/setting/token-classic` },
  }
}
