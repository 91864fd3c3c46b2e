import { fail, OAuthError } from '../protocol/errors.ts'
import type { Provider } from '../provider/provider.ts'

/** What proves a confidential client, in the body of a request (RFC 6749 section 2.3.1). */
export interface Authentication extends Record<string, string> {
  readonly client_secret: string
}

/** Gives what proves the client; reads it anew if it is still the one that was `refused`. */
export type Authenticate = (refused?: Authentication) => Promise<Authentication>

/** What is asked for with a secret, as a provider's `bad_client` names it. */
export type SecretUse = keyof NonNullable<Provider['bad_client']>

/**
 * Keeps the secret of one forge, which is read once for all who wait. Throws `server_error` where it cannot be read within
 * `timeout` milliseconds, without a word of why, which may hold it.
 */
export function createAuthenticate(
  secret: string | (() => string | Promise<string>),
  { name, timeout }: { name: string; timeout: number },
): Authenticate {
  let kept: Authentication | undefined
  let reading: Promise<Authentication> | undefined
  const read = async () => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeout)
    })
    const given = (async () => (typeof secret === 'function' ? secret() : secret))().catch(() => undefined)
    const client_secret = await Promise.race([given, late])
    clearTimeout(timer)
    if (!client_secret) return fail('server_error', `The client_secret of "${name}" could not be read.`)
    kept = { client_secret }
    return kept
  }
  return async (refused) => {
    if (kept && kept.client_secret !== refused?.client_secret) return kept
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
}

/** Whether a server's answer may mean that the secret is wrong, in its words for this use. */
const isBadClient = ({ bad_client }: Provider, use: SecretUse, error: unknown): boolean =>
  error instanceof OAuthError && ['invalid_client', ...(bad_client?.[use] ?? [])].includes(`${error.error}`)

/**
 * Does `task` with the secret. Where the forge refuses that, it is read again, as it may have been reset meanwhile; the
 * task is done once more only if it is another one.
 */
export async function withSecret<T>(
  { provider, authenticate }: { readonly provider: Provider; readonly authenticate: Authenticate },
  use: SecretUse,
  task: (authentication: Authentication) => Promise<T>,
): Promise<T> {
  const authentication = await authenticate()
  try {
    return await task(authentication)
  } catch (error) {
    if (!isBadClient(provider, use, error)) throw error
    const renewed = await authenticate(authentication).catch(() => authentication)
    if (renewed.client_secret === authentication.client_secret) throw error
    return task(renewed)
  }
}
