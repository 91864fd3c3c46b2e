import type { Provider } from './provider.ts'

/** Where a GitShare stands. */
export interface GitShareOptions {
  /** Its address: the `<domain>` of its own page. Default: `https://app.gitshare.io`. */
  readonly base?: string | URL
  /** `query` puts tokens into addresses, as its page documents, where logs and histories keep them. Default: in the header. */
  readonly token_in?: 'query'
}

/** The grants of GitShare: the authorization code and refresh, both against a secret. */
export type GitShareGrants = { readonly code: 'confidential'; readonly refresh: 'confidential' }

/**
 * GitShare, the file service: code and refresh against a secret, no PKCE; every address ends with a slash. For the BFF.
 * @example createBff({ providers: { gitshare: { provider: gitshare(), client_id, client_secret } }, ... })
 */
export function gitshare({
  base = 'https://app.gitshare.io',
  token_in,
}: GitShareOptions = {}): Provider<GitShareGrants, 'read' | 'write'> {
  const issuer = `${base}`.replace(/\/+$/, '')
  return {
    id: 'gitshare',
    name: 'GitShare',
    grants: { code: 'confidential', refresh: 'confidential' },
    issuer,
    authorization_endpoint: `${issuer}/oauth2/authorize/`,
    token_endpoint: `${issuer}/oauth2/token/`,
    pkce: 'none',
    manual_redirect_uri: 'none',
    api_base: `${issuer}/api/2/`,
    ...(token_in && { token_in }),
    account: {
      url: 'whoami/',
      read: ({ id, username, name, full_name, email }) => ({
        id: id ?? username,
        username,
        name: name ?? full_name,
        email,
      }),
    },
    pages: { application: `${issuer}/oauth/oauth2_workflow/` },
  }
}
