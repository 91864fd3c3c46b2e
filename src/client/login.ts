import { generateRandomState } from 'oauth4webapi'
import { createAuthorizationRequest, readAuthorizationResponse } from '../protocol/authorization.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type Completion, completeLogin, pendingCallback } from './callback.ts'
import type { ClientContext } from './options.ts'
import { LIFETIME } from './transactions.ts'

/** What a sign-in may be told. */
export interface LoginOptions {
  /** Where to go on afterwards: a path of this origin. Default: the page this was called on. */
  readonly return_to?: string
  /** In place of the client's scope. */
  readonly scope?: string
  /** Further parameters of the authorization request, such as `prompt` or `login_hint`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Ends the sign-in. */
  readonly signal?: AbortSignal
}

/** The redirect_uri as it is sent: absolute as given, byte for byte, or a path of this origin made absolute. */
export function absoluteRedirectUri(redirect_uri: string): string {
  const { origin } = location
  return URL.canParse(redirect_uri) || !URL.canParse(redirect_uri, origin) ? redirect_uri : new URL(redirect_uri, origin).href
}

/** Starts a sign-in and, where the flow comes back to this page, finishes it. */
export async function startLogin(context: ClientContext, options: LoginOptions): Promise<Completion> {
  const { key, provider, client_id, transactions, flow } = context
  // Read before anything waits: the activation of a click is lost on the way.
  const automatic = globalThis.navigator?.userActivation?.isActive === false
  const finished = await pendingCallback(key)?.catch(() => undefined)
  if (finished) return finished
  const state = generateRandomState()
  const redirect_uri = absoluteRedirectUri(context.redirect_uri)
  const deadline = context.now() + LIFETIME
  const { href: here = '/' } = globalThis.location ?? {}
  const { scope = context.scope, parameters, return_to = here, signal = new AbortController().signal } = options

  const begin = async () => {
    const request = { client_id, redirect_uri, scope, parameters, state }
    const { url, transaction } = await createAuthorizationRequest(provider, request)
    if (automatic && (await transactions.hasFailed(key))) {
      throw new OAuthError('login_loop', { hint: 'Signing in has just failed: let the person press the button.' })
    }
    await transactions.save({ ...transaction, client: key, return_to, expires_at: deadline })
    return url
  }
  const url = begin()
  // The flow may never look at it.
  url.catch(() => {})
  try {
    const answer = await flow(url, { state, redirect_uri, signal, deadline })
    const response = readAuthorizationResponse(answer)
    if (response?.states[0] !== state) throw new OAuthError(response ? 'state_mismatch' : 'malformed_response')
    return await completeLogin(context, answer, response)
  } catch (error) {
    await transactions.discard(state).catch(() => {})
    throw error
  }
}
