import { fail, OAuthError } from '../protocol/errors.ts'
import type { Provider } from '../provider/provider.ts'
import { isSecret } from './assert-options.ts'

/** What proves a confidential client, in the body of a request (RFC 6749 section 2.3.1). */
export interface Authentication extends Record<string, string> {
  readonly client_secret: string
}

/** Gives what proves the client; reads it anew if it is still the one that was `refused`. */
export type Authenticate = (refused?: Authentication) => Promise<Authentication>

/** What is asked for with a secret, as a provider's `bad_client` names it. */
export type SecretUse = keyof NonNullable<Provider['bad_client']>

/** Gives what comes within so many milliseconds; nothing for what comes later, or fails. */
export async function within<T>(timeout: number, coming: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeout)
  })
  const given = await Promise.race([coming.catch(() => undefined), late])
  clearTimeout(timer)
  return given
}

/** Milliseconds in which a secret is not read again that was no other: strangers with made-up codes may ask for it. */
const REST = 10_000

/**
 * Keeps the secret of one forge, which is read once for all who wait. Throws `server_error` where none can be read within
 * `timeout` milliseconds, without a word of why, which may hold it.
 */
export function createAuthenticate(
  secret: string | (() => string | Promise<string>),
  { name, timeout, now }: { name: string; timeout: number; now: () => number },
): Authenticate {
  let kept: Authentication | undefined
  let reading: Promise<Authentication> | undefined
  let repeated_at = Number.NEGATIVE_INFINITY
  const read = async () => {
    const given = (async () => (typeof secret === 'function' ? secret() : secret))()
    const client_secret = await within(timeout, given)
    const before = kept?.client_secret
    const isUsable = isSecret(client_secret, 8)
    if (before && (!isUsable || client_secret === before)) repeated_at = now()
    if (!isUsable) return fail('server_error', `The client_secret of "${name}" could not be read as text.`)
    kept = { client_secret }
    return kept
  }
  return async (refused) => {
    if (kept && kept.client_secret !== refused?.client_secret) return kept
    // In both directions: a clock may be set back.
    if (kept && Math.abs(now() - repeated_at) < REST) return kept
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
}

/** Whether a server's answer may mean that the secret is wrong, in its words for this use. */
const isBadClient = ({ bad_client }: Provider, use: SecretUse, error: unknown): boolean =>
  error instanceof OAuthError && ['invalid_client', ...(bad_client?.[use] ?? [])].includes(`${error.error}`)

/** What a request to a forge is made with. */
export interface WithSecret {
  readonly authentication: Authentication
  /** Milliseconds that are left for it. */
  readonly timeout: number
}

/**
 * Does `task` with the secret. Where the forge refuses that, it is read again, as it may have been reset meanwhile; the
 * task is done once more only if it is another one. All of it together takes `timeout` milliseconds at most.
 */
export async function withSecret<T>(
  { provider, authenticate }: { readonly provider: Provider; readonly authenticate: Authenticate },
  { use, timeout }: { readonly use: SecretUse; readonly timeout: number },
  task: (made: WithSecret) => Promise<T>,
): Promise<T> {
  const until = performance.now() + timeout
  // AbortSignal.timeout() takes whole numbers.
  const left = () => Math.max(Math.ceil(until - performance.now()), 0)
  const authentication = await authenticate()
  try {
    return await task({ authentication, timeout: left() })
  } catch (error) {
    if (!isBadClient(provider, use, error)) throw error
    const renewed = await within(left(), authenticate(authentication))
    if (!renewed || renewed.client_secret === authentication.client_secret) throw error
    return task({ authentication: renewed, timeout: left() })
  }
}
