import type { OAuthError } from '../protocol/errors.ts'
import { type ExchangeOptions, exchange } from '../protocol/exchange.ts'
import { random } from '../protocol/pkce.ts'
import type { Provider } from '../provider/provider.ts'

/** Who asks where, with the effects it needs. */
export interface ProbeOptions extends Pick<ExchangeOptions, 'fetch' | 'timeout'> {
  readonly provider: Provider
  readonly client_id: string
  readonly redirect_uri: string
}

/** What came of a token request that could not succeed. */
export interface Answer {
  /** Absent where the server gave a token for a code that it never issued. */
  readonly error?: OAuthError | undefined
  /** Whether the answer itself was there to be read. */
  readonly isReadable: boolean
}

/**
 * Asks for a token with a code that nobody issued (RFC 6749 section 4.1.3). No header is added that would force a preflight: what
 * a client sends later has none, and there are Giteas that let pages read such a POST and refuse every preflight; so this answer is
 * read, or not, exactly where that of a sign-in is.
 */
export async function probe(options: ProbeOptions): Promise<Answer> {
  const { provider, client_id, redirect_uri, fetch, timeout } = options
  let isReadable = false
  const watched: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    // The second request, which tells CORS from silence, shows nothing of its answer.
    isReadable ||= init?.mode !== 'no-cors'
    return response
  }
  const grant = {
    grant_type: 'authorization_code' as const,
    code: random(),
    ...(!provider.token_redirect_uri && { redirect_uri }),
    ...(!provider.pkce && { code_verifier: random() }),
    client_id,
  }
  const error = await exchange(provider, grant, { fetch: watched, now: Date.now, timeout }).then(
    () => undefined,
    (reason: OAuthError) => reason,
  )
  return { error, isReadable }
}

/** What an answer proves about the client; what it leaves open is absent. */
export interface Proof {
  readonly isKnown?: boolean
  /** Whether it is a public client (RFC 6749 section 2.1). */
  readonly isPublic?: boolean
  /** Whether the server took the client, and refused the code alone. */
  readonly isAccepted?: boolean
  readonly isRegistered?: false
}

/** Gitea judges client, secret, redirect_uri and code in this order, and has one word for all that follows the first. */
function proveByWords(description = ''): Proof {
  if (/^invalid (empty )?client secret/.test(description))
    return { isKnown: true, isPublic: false, isAccepted: false }
  if (description.startsWith('unexpected redirect URI'))
    return { isKnown: true, isPublic: true, isAccepted: true, isRegistered: false }
  // Up to 1.17 also what a missing secret is called.
  return description.startsWith('client is not authorized') ? { isKnown: true } : {}
}

/** Reads what the refusal of a made-up code proves, in each server's own words and order of checks (RFC 6749 section 5.2). */
export function prove({ id }: Provider, { error: reason }: Answer): Proof {
  const { error, error_description } = reason ?? {}
  const isGitea = id === 'gitea' || id === 'forgejo'
  if (isGitea && error === 'unauthorized_client') return proveByWords(error_description)
  if (isGitea && error === 'invalid_client' && error_description?.startsWith('cannot load client'))
    return { isKnown: false, isAccepted: false }
  if (error === 'invalid_client') return { isAccepted: false }
  // Doorkeeper looks at the code after the client; RFC 6749 leaves the order open.
  if (id === 'gitlab' && error === 'invalid_grant') return { isKnown: true, isPublic: true, isAccepted: true }
  return {}
}
