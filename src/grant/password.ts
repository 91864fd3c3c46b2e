import { fail, OAuthError } from '../protocol/errors.ts'
import { exchange } from '../protocol/exchange.ts'
import type { Grant } from './grant.ts'

/** What a sign-in with a password takes. */
export interface PasswordLogin {
  readonly username: string
  readonly password: string
  /** Space-separated. */
  readonly scope?: string
}

/** How the password is sent. */
export interface PasswordOptions {
  /** Default: `form`, which needs no leave of CORS. */
  readonly body?: 'form' | 'json'
}

/** Sends what is about to be a form as JSON. */
const asJson =
  (send: typeof fetch): typeof fetch =>
  async (input, init) => {
    const form = new Request(input, init)
    const body = JSON.stringify(Object.fromEntries(new URLSearchParams(await form.clone().text())))
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    return send(new Request(form, { headers, body }), init)
  }

/**
 * Sends the person's own password to the forge (RFC 6749 section 4.3), where a server still has nothing better; RFC 10017
 * section 7.3 forbids it, and people with two-factor authentication cannot use it.
 * @example createClient({ provider: gitlab({ base, profile: 'documented' }), grant: password() }).login({ username, password })
 */
export const password = ({ body = 'form' }: PasswordOptions = {}): Grant<'password', PasswordLogin> => ({
  name: 'password',
  async win({ provider, client_id, ...context }, { username, password, scope }) {
    // A password stands in no address, whatever the server would take there.
    const { token_request: _, ...endpoint } = provider
    const send = body === 'json' ? asJson(context.fetch) : context.fetch
    const grant = {
      grant_type: 'password',
      username,
      password,
      ...(scope && { scope }),
      ...(client_id && { client_id }),
    } as const
    try {
      return await exchange(endpoint, grant, { ...context, fetch: send })
    } catch (error) {
      if (!(error instanceof OAuthError) || error.code !== 'token_endpoint_error') throw error
      const hint = 'Check name and password; with two-factor authentication take a personal access token.'
      // The server's own words may repeat what it was sent.
      return fail('token_endpoint_error', hint, { ...error, error_description: undefined })
    }
  },
})
