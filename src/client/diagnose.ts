import type { Grants, Provider } from '../provider/provider.ts'
import { absoluteRedirectUri } from './address.ts'
import { type Check, judge } from './checks.ts'
import { probe, prove } from './probe.ts'

export { adviseCors } from './advice.ts'
export type { Check, CheckId } from './checks.ts'

/** What is diagnosed. */
export interface DiagnoseOptions {
  readonly provider: Provider<Grants, string>
  readonly client_id: string
  /** As registered at the forge, or a path of this origin. */
  readonly redirect_uri?: string
  readonly fetch?: typeof fetch
  /** Milliseconds that the answer may take. Default: 20,000. */
  readonly timeout?: number
}

/** A checklist of what signing in from a page needs: the preset first, then what the forge answered. */
export interface Diagnosis {
  readonly checks: readonly Check[]
}

/**
 * Tells what stands in the way of `createClient`, by what the preset declares and by one token request with a made-up code, and a
 * second one if that cannot be read. Signs nobody in and never rejects; no field ever holds a code or a verifier.
 * @example for (const { ok, says } of (await diagnose({ provider: gitlab(), client_id: 'APP' })).checks) console.warn(ok, says)
 */
export async function diagnose(options: DiagnoseOptions): Promise<Diagnosis> {
  const { provider, client_id, fetch = globalThis.fetch, timeout = 20_000 } = options
  const redirect_uri =
    options.redirect_uri === undefined ? undefined : absoluteRedirectUri(options.redirect_uri)
  // GitLab looks at the client only if there is a redirect_uri at all.
  const sent = redirect_uri ?? 'https://app.invalid/callback'
  const answer = await probe({ provider, client_id, redirect_uri: sent, fetch, timeout })
  return { checks: judge({ ...answer, provider, proof: prove(provider, answer), redirect_uri }) }
}
