import { readAccount } from '../protocol/account.ts'
import { fail } from '../protocol/errors.ts'
import type { Grant } from './grant.ts'

/** What a sign-in with a personal access token takes. */
export interface PersonalTokenLogin {
  /** As the forge has shown it; white space around it is not part of it. */
  readonly token: string
}

/** Says why the forge did not tell whose token it is. */
function explain(error: unknown): never {
  if (!(error instanceof Response))
    return fail('network_error', 'The forge did not answer, or lets no page read its API.')
  const { status, headers } = error
  const retryAfter = Number(headers.get('retry-after')) || undefined
  return status === 401 || status === 403
    ? fail('token_refused', 'Check that the token is complete, in date, and may read your profile.', {
        status,
      })
    : fail('bad_status', 'Try again later.', { status, retryAfter })
}

/**
 * Signs in with a personal access token that the person has made in the forge's settings; it is taken only once the forge has
 * told whose it is, and signing out leaves it valid there. Throws `token_refused`.
 * @example createClient({ provider: gitkraken(), grant: personalToken() }).login({ token })
 */
export const personalToken = (): Grant<'personal_token', PersonalTokenLogin> => ({
  name: 'personal_token',
  provider: ({ personal_token_header: token_in }) => ({
    // Whoever made it by hand takes it back by hand.
    revocation_endpoint: undefined,
    // It lives for long: a header of its own goes before an address.
    ...(token_in && { token_in }),
  }),
  async win({ provider, fetch, timeout }, { token }) {
    const access_token = typeof token === 'string' ? token.trim() : ''
    if (!/^[!-~]+$/.test(access_token))
      fail('invalid_access_token', 'Paste the token as the forge has shown it.')
    const signal = AbortSignal.timeout(timeout)
    const account = await readAccount(provider, { access_token, fetch, signal }).catch(explain)
    return account
      ? { access_token, account }
      : fail('token_refused', 'The forge does not say whose token it is.')
  },
})
