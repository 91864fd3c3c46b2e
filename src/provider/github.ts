import type { Provider } from './provider.ts'

/** Where a GitHub stands. */
export interface GitHubOptions {
  /** The address of a GitHub Enterprise Server. Default: `https://github.com`. */
  readonly base?: string | URL
}

/** The grants of GitHub: the authorization code and refresh, both against a secret even with PKCE, and personal access tokens. */
export type GitHubGrants = {
  readonly code: 'confidential'
  readonly refresh: 'confidential'
  readonly personal_token: 'public'
}

/** Scopes of OAuth apps that sign-ins ask for most; GitHub Apps have permissions instead. */
export type GitHubScope = 'gist' | 'public_repo' | 'read:org' | 'read:user' | 'repo' | 'user:email'

/**
 * GitHub.com or a GitHub Enterprise Server: a secret always, errors with status 200, scopes with commas. For the BFF, or with a
 * personal access token.
 * @example createBff({ providers: { github: { provider: github(), client_id, client_secret, scope: 'read:user' } }, ... })
 */
export function github({ base }: GitHubOptions = {}): Provider<GitHubGrants, GitHubScope> {
  const root = `${base ?? 'https://github.com'}`.replace(/\/+$/, '')
  return {
    id: 'github',
    name: 'GitHub',
    grants: { code: 'confidential', refresh: 'confidential', personal_token: 'public' },
    issuer: `${root}/login/oauth`,
    authorization_endpoint: `${root}/login/oauth/authorize`,
    token_endpoint: `${root}/login/oauth/access_token`,
    // Of an Enterprise Server nothing of the kind is known.
    authorization_response_iss_parameter_supported: base === undefined,
    // Its page of authorization errors shows none.
    error_iss: 'none',
    scope_separator: ',',
    // A code that is wrong, too old or used; a refresh token likewise.
    refresh_ends_on: ['bad_refresh_token'],
    bad_client: { code: ['incorrect_client_credentials'], refresh: ['incorrect_client_credentials'] },
    default_scope: 'read:user',
    api_base: base === undefined ? 'https://api.github.com/' : `${root}/api/v3/`,
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
    cors: { token: 'never', api: 'always' },
    pages: {
      application: `${root}/settings/applications/new`,
      personal_token: `${root}/settings/tokens`,
      revocation: `${root}/settings/applications`,
    },
  }
}
