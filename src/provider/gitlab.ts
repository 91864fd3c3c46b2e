import type { Provider } from './provider.ts'

/** Where a GitLab stands. */
export interface GitLabOptions {
  /** Its address, with or without a path and a trailing slash. Default: `https://gitlab.com`. */
  readonly base?: string | URL
  /** Which GitLab: `current` is today's. Default, and so far the only one. */
  readonly profile?: 'current'
}

/** The grants of a GitLab: the authorization code and refresh, both for public clients too, and personal access tokens. */
export type GitLabGrants = {
  readonly code: 'public'
  readonly refresh: 'public'
  readonly personal_token: 'public'
}

/** Scopes that sign-ins ask for most; they must be ticked in the GitLab application, and any other may be named as well. */
export type GitLabScope =
  | 'api'
  | 'email'
  | 'openid'
  | 'profile'
  | 'read_api'
  | 'read_repository'
  | 'read_user'
  | 'write_repository'

/**
 * GitLab.com or a self-managed GitLab from 15.1 on: code with PKCE for public clients, rotating refresh tokens, revocation, CORS.
 * @example gitlab({ base: 'https://git.example.org/gitlab/' })
 */
export function gitlab({
  base = 'https://gitlab.com',
}: GitLabOptions = {}): Provider<GitLabGrants, GitLabScope> {
  const issuer = `${base}`.replace(/\/+$/, '')
  return {
    id: 'gitlab',
    name: 'GitLab',
    grants: { code: 'public', refresh: 'public', personal_token: 'public' },
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    api_base: `${issuer}/api/v4/`,
    encoded_slash: true,
    account: {
      url: 'user',
      read: ({ id, username, name, email, avatar_url, web_url }) => ({
        id,
        username,
        name,
        email,
        avatar_url,
        profile_url: web_url,
      }),
    },
  }
}
