import type { Provider } from './provider.ts'

/** Where a GitLab stands, and which one it is. */
export interface GitLabOptions<P extends GitLabProfile = GitLabProfile> {
  /** Its address, with or without a path and a trailing slash. Default: `https://gitlab.com`. */
  readonly base?: string | URL
  /** Default: `current`. */
  readonly profile?: P
  /** `query` puts tokens into addresses, as its page documents, where logs and histories keep them. Default: in the header. */
  readonly token_in?: 'query'
}

/** `current` is GitLab from 15.1 on; `documented` the one of its first OAuth page: web flow with a secret, implicit, password. */
export type GitLabProfile = 'current' | 'documented'

/** The grants of each profile. */
export interface GitLabGrants {
  readonly current: { readonly code: 'public'; readonly refresh: 'public'; readonly personal_token: 'public' }
  readonly documented: {
    readonly code: 'confidential'
    readonly refresh: 'confidential'
    readonly implicit: 'public'
    readonly password: 'public'
    readonly personal_token: 'public'
  }
}

const grants: GitLabGrants = {
  current: { code: 'public', refresh: 'public', personal_token: 'public' },
  documented: {
    code: 'confidential',
    refresh: 'confidential',
    implicit: 'public',
    password: 'public',
    personal_token: 'public',
  },
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
 * GitLab.com or a self-managed GitLab: code with PKCE for public clients, rotating refresh tokens, revocation, CORS.
 * @example gitlab({ base: 'https://git.example.org/gitlab/' })
 */
export function gitlab<const P extends GitLabProfile = 'current'>(
  options: GitLabOptions<P> = {},
): Provider<GitLabGrants[P], GitLabScope> {
  const { base = 'https://gitlab.com', profile = 'current' as P, token_in } = options
  const issuer = `${base}`.replace(/\/+$/, '')
  const isOld = profile === 'documented'
  const settings = `${issuer}/${isOld ? 'profile' : '-/user_settings'}`
  return {
    id: 'gitlab',
    name: 'GitLab',
    grants: grants[profile],
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    token_info_endpoint: `${issuer}/oauth/token/info`,
    ...(isOld && { pkce: 'none' }),
    default_scope: 'read_user',
    api_base: `${issuer}/api/v4/`,
    encoded_slash: true,
    personal_token_header: 'PRIVATE-TOKEN',
    ...(token_in && { token_in }),
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
    // Up to 15.0 it lets pages read its API alone, and more only by what its admin puts before it.
    cors: { token: isOld ? 'configured' : 'always', api: 'always' },
    registration: { scopes: 'ticked', ...(!isOld && { client_type: 'chosen' }) },
    pages: { application: `${settings}/applications`, personal_token: `${settings}/personal_access_tokens` },
  }
}
