import { pageOf } from '../protocol/address.ts'
import { createAuthorizationRequest, readAuthorizationResponse } from '../protocol/authorization.ts'
import { fail } from '../protocol/errors.ts'
import { random } from '../protocol/pkce.ts'
import { absoluteRedirectUri } from './address.ts'
import { type Completion, completeLogin, pendingCallback } from './callback.ts'
import type { ClientContext, LoginOptions } from './options.ts'
import { LIFETIME } from './transactions.ts'

/** Starts a sign-in and, where the flow comes back to this page, finishes it. */
export async function startLogin(context: ClientContext, options: LoginOptions): Promise<Completion> {
  const { key, client_id, flow, store, transactions } = context
  // Read before anything waits: the activation of a click is lost on the way.
  const automatic = globalThis.navigator?.userActivation?.isActive === false
  const pending = pendingCallback(key)
  const finished = pending && (await pending.catch(() => undefined))
  if (finished) return finished
  const state = random()
  const redirect_uri = absoluteRedirectUri(context.redirect_uri)
  const deadline = context.now() + LIFETIME
  const page = globalThis.location?.href ?? redirect_uri
  // Nobody wants to come back to the callback page.
  const here = pageOf(page) === pageOf(redirect_uri) ? '/' : page
  const { scope = context.scope, return_to = here, signal = new AbortController().signal } = options

  const begin = async () => {
    const { parameters } = options
    const request = { client_id, redirect_uri, scope, parameters, state, ...context.grant?.request }
    const { url, transaction } = await createAuthorizationRequest(context.provider, request)
    // Only a callback page of this origin could start a circle.
    const mayCircle = automatic && new URL(page).origin === new URL(redirect_uri).origin
    if (mayCircle && (await transactions.hasFailed()))
      fail('login_loop', 'Signing in just failed: let the person press the button.')
    await transactions.save({
      ...transaction,
      client: key,
      return_to,
      expires_at: deadline,
      relayed: !!flow.relay,
    })
    return url
  }
  const url = begin()
  // The flow may fail before it looks.
  const begun = url.catch(() => {})
  try {
    const answer = await flow(url, { state, redirect_uri, signal, deadline, notify: store.notify })
    const response = readAuthorizationResponse(answer) ?? fail('malformed_response')
    if (response.parameters.get('state') !== state) fail('state_mismatch')
    return await completeLogin(context, answer, response)
  } catch (error) {
    // Not before there is something to discard.
    await begun
    await transactions.discard(state)
    throw error
  }
}
