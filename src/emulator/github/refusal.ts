import { Refusal } from '../refusal.ts'

const docs = 'https://docs.github.com/apps/managing-oauth-apps'

/** What GitHub says to each of its errors, and the page it sends developers to. */
const known = {
  access_denied: ['The user has denied your application access.', 'authorization-request-errors'],
  redirect_uri_mismatch: [
    'The redirect_uri MUST match the registered callback URL for this application.',
    'authorization-request-errors',
  ],
  incorrect_client_credentials: [
    'The client_id and/or client_secret passed are incorrect.',
    'oauth-app-access-token-request-errors',
  ],
  bad_verification_code: [
    'The code passed is incorrect or expired.',
    'oauth-app-access-token-request-errors',
  ],
  bad_refresh_token: [
    'The refresh token passed is incorrect or expired.',
    'oauth-app-access-token-request-errors',
  ],
  // Assumed, as no page lists it.
  unsupported_grant_type: [
    'The grant_type passed is not supported.',
    'oauth-app-access-token-request-errors',
  ],
  // Assumed: the metadata names S256 alone.
  invalid_request: ['The code_challenge_method must be S256.', 'authorization-request-errors'],
} as const

/** An error code of GitHub. */
export type GitHubError = keyof typeof known

/** Builds a refusal in GitHub's words. */
export const refusal = (error: GitHubError): Refusal => new Refusal(error, known[error][0])

/** Writes a refusal as GitHub's parameters. */
export function describe({ error, message }: Refusal): Record<string, string> {
  const [, page] = known[error as GitHubError]
  const error_uri = `${docs}/troubleshooting-${page}/#${error.replaceAll('_', '-')}`
  return { error, error_description: message, error_uri }
}
