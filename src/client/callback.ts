import { localPath, pageOf } from '../protocol/address.ts'
import { type AuthorizationResponse, readAuthorizationResponse } from '../protocol/authorization.ts'
import { redeemCode } from '../protocol/code.ts'
import { fail } from '../protocol/errors.ts'
import { revoke } from '../protocol/revocation.ts'
import { assertScope } from '../protocol/token.ts'
import type { SessionRecord } from '../session/record.ts'
import type { ClientContext } from './options.ts'
import type { Transaction } from './transactions.ts'

/** A finished sign-in. */
export interface Completion {
  readonly record: SessionRecord
  readonly return_to: string
}

/** The callbacks under way on this page, by client and by state: React's StrictMode calls twice, and makes two clients of one kind. */
const underWay = new Map<string, Promise<Completion | undefined>>()

/** The callback of this client that is under way, if any. */
export const pendingCallback = (key: string): Promise<Completion | undefined> | undefined => underWay.get(key)

/** Judges and redeems a response with the transaction that was taken for it. */
async function finish(
  context: ClientContext,
  response: AuthorizationResponse,
  found?: Transaction,
): Promise<Completion> {
  const { session, store } = context
  if (!found) return fail('state_mismatch')
  const { return_to } = found
  if (found.spent) return { return_to, record: (await store.load()) ?? fail('state_replayed') }
  if (!(found.expires_at > context.now())) fail('transaction_expired')
  const tokens = await (context.grant?.redeem ?? redeemCode)(found, response, context)
  const { scope = found.scope } = tokens
  try {
    assertScope(scope, found.scope, context)
  } catch (error) {
    void revoke(tokens, context)
    throw error
  }
  return { return_to, record: await session.start({ ...tokens, scope }) }
}

/** Finishes the sign-in that a response belongs to: takes its transaction, once, then judges and redeems it. */
export async function completeLogin(
  context: ClientContext,
  url: URL,
  response: AuthorizationResponse,
): Promise<Completion> {
  const { transactions } = context
  const [state, ...others] = response.parameters.getAll('state')
  try {
    if (!state || others.length) return fail(state ? 'duplicate_parameter' : 'state_missing')
    return await transactions.take(state, url, (found) => finish(context, response, found))
  } catch (error) {
    await transactions.fail()
    throw error
  }
}

/**
 * Looks whether an address is this client's callback, and finishes the sign-in if it is. Up to the scrubbing of the page's
 * address nothing waits, so that no other script sees the code. Resolves with nothing where another window finishes it.
 * `redirect_uri` is absolute.
 */
export function receiveCallback(
  context: ClientContext,
  url: URL,
  redirect_uri: string,
): Promise<Completion | undefined> | undefined {
  const { key, transactions, navigate, flow } = context
  const response = readAuthorizationResponse(url)
  const state = response?.parameters.get('state')
  const name = `${key} ${state}`
  const running = underWay.get(response ? name : key)
  if (!response || running) return running
  const waiting = transactions.peek(state)
  // Another client's, or nobody's on a page that is not ours: left as it is.
  if (waiting ? waiting.client !== key : pageOf(url) !== pageOf(redirect_uri)) return
  if (url.href === globalThis.location?.href) history.replaceState(history.state, '', response.clean)
  const show = async () => {
    // With nobody there to take it, it is finished here.
    if (waiting?.relayed && (await flow.relay?.(url))) return
    const { record, ...done } = await completeLogin(context, url, response)
    const return_to = localPath(done.return_to, url)
    // Once, and reported by the platform if it throws: the person is signed in.
    queueMicrotask(() => navigate(return_to))
    return { record, return_to }
  }
  const work = show().finally(() => {
    underWay.delete(key)
    underWay.delete(name)
  })
  underWay.set(key, work).set(name, work)
  return work
}
