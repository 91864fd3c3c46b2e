import type { Provider } from './provider.ts'

/** Where a Gitea stands, and which one it is. */
export interface GiteaOptions<P extends GiteaProfile = GiteaProfile> {
  /** Its address, with or without a path and a trailing slash. */
  readonly base: string | URL
  /** Default: `current`. */
  readonly profile?: P
}

/** `current` is today's Gitea; `documented` the one of its first OAuth pages, up to 1.13: a secret for everyone, no CORS. */
export type GiteaProfile = 'current' | 'documented'

/** The grants of each profile. */
export interface GiteaGrants {
  readonly current: { readonly code: 'public'; readonly refresh: 'public'; readonly personal_token: 'public' }
  readonly documented: {
    readonly code: 'confidential'
    readonly refresh: 'confidential'
    readonly personal_token: 'public'
  }
}

/** Scopes of today's Gitea; older ones know none and give access to all. */
export type GiteaScope =
  | 'email'
  | 'openid'
  | 'profile'
  | 'read:issue'
  | 'read:organization'
  | 'read:repository'
  | 'read:user'
  | 'write:issue'
  | 'write:repository'
  | 'write:user'

const grants: GiteaGrants = {
  current: { code: 'public', refresh: 'public', personal_token: 'public' },
  documented: { code: 'confidential', refresh: 'confidential', personal_token: 'public' },
}

/**
 * A Gitea at any address: from the browser where its admin has enabled CORS, else through the BFF.
 * @example gitea({ base: 'https://git.example.org' })
 */
export function gitea<const P extends GiteaProfile = 'current'>(
  options: GiteaOptions<P>,
): Provider<GiteaGrants[P], GiteaScope> {
  const { base, profile = 'current' as P } = options
  const issuer = `${base}`.replace(/\/+$/, '')
  const application = `${issuer}/user/settings/applications`
  return {
    id: 'gitea',
    name: 'Gitea',
    grants: grants[profile],
    issuer,
    authorization_endpoint: `${issuer}/login/oauth/authorize`,
    token_endpoint: `${issuer}/login/oauth/access_token`,
    // It says so of a wrong secret, too.
    bad_client: { code: ['unauthorized_client'] },
    // It says so of a refresh token that was used before, or that it cannot read.
    refresh_ends_on: ['unauthorized_client'],
    // Up to 1.22, and a Forgejo up to 14.
    id_token_iss: 'slash',
    // Up to 1.21 its Cancel is a plain link.
    bare_cancel: true,
    ...(profile === 'documented'
      ? // It knew no OpenID Connect; the next one signed with the application's secret.
        { id_token: 'none', cors: { token: 'never' } }
      : {
          default_scope: 'read:user',
          cors: { token: 'configured', api: 'configured' },
          registration: { client_type: 'chosen' },
        }),
    api_base: `${issuer}/api/v1/`,
    personal_token_header: 'Authorization: token',
    account: {
      url: 'user',
      read: ({ id, login, full_name, email, avatar_url, html_url }) => ({
        id,
        username: login,
        name: full_name,
        email,
        avatar_url,
        profile_url: html_url ?? `${issuer}/${login}`,
      }),
    },
    pages: { application, personal_token: application, revocation: application },
  }
}
