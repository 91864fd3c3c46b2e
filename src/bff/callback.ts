import { type AuthorizationResponse, readAuthorizationResponse } from '../protocol/authorization.ts'
import { redeemCode } from '../protocol/code.ts'
import { fail, type OAuthError, type OAuthErrorCode } from '../protocol/errors.ts'
import { assertScope } from '../protocol/token.ts'
import { answer, redirectTo, toOAuthError } from './answer.ts'
import type { BffContext, Forge } from './context.ts'
import { assertNavigation, isPrefetch } from './csrf.ts'
import { withoutAddress } from './login.ts'
import { strayPage } from './page.ts'
import { revokeTokens } from './revocation.ts'
import { withSecret } from './secret.ts'
import type { BffSession } from './session-store.ts'
import type { BffTransaction } from './transactions.ts'
import type { Use } from './used.ts'

/** Where the person goes on: back to the application, or in a popup to the page that tells the window behind it. */
function nextPage(
  { base, publicOrigin }: BffContext,
  { relay, return_to }: BffTransaction,
  error?: OAuthErrorCode,
): URL {
  const next = new URL(relay ? `${base}/relay?state=${relay}` : publicOrigin + return_to)
  // By hand: the app's own query stays as it is written.
  if (error) next.search = `${next.search ? `${next.search}&` : ''}forgepass_error=${error}`
  return next
}

/** A response that belongs to a sign-in of this browser. */
export interface Found {
  readonly transaction: BffTransaction
  readonly response: AuthorizationResponse
}

/** Exchanges the code with the secret and gives the Set-Cookie values of the new session. */
async function redeem(
  context: BffContext,
  forge: Forge,
  { transaction, response }: Found,
): Promise<string[]> {
  const { sessions, now } = context
  if (transaction.expires_at <= now()) fail('transaction_expired')
  const provider = transaction.manual ? withoutAddress(forge.provider) : forge.provider
  const { timeout } = context
  const tokens = await withSecret(forge, { use: 'code', timeout }, (made) =>
    redeemCode(transaction, response, { ...context, ...forge, provider, ...made }),
  )
  const { scope = transaction.scope } = tokens
  try {
    assertScope(scope, transaction.scope, forge)
    const session = await sessions.fit(forge, sessions.begin({ ...tokens, scope }))
    return session
      ? await sessions.keep(forge, session)
      : fail('session_too_large', 'The tokens of this forge do not fit into a cookie.')
  } catch (error) {
    void revokeTokens(context, forge, tokens)
    throw error
  }
}

/** Finds the sign-in that a response belongs to in this browser; a bare return belongs to the latest. */
async function findTransaction(
  { transactions }: BffContext,
  { forge, request, url }: { forge: Forge; request: Request; url: URL },
): Promise<(Pick<Found, 'transaction'> & Partial<Found>) | undefined> {
  const response = readAuthorizationResponse(url)
  const isBare = !response && forge.provider.bare_cancel
  const [state = '', ...more] = response?.parameters.getAll('state') ?? []
  const transaction = isBare
    ? await transactions.findLatest(request, forge.name)
    : response && more.length === 0
      ? await transactions.find(request, forge.name, state)
      : undefined
  // One that was meant for another server must not bring this one's secret there.
  if (!transaction || transaction.token_endpoint !== forge.provider.token_endpoint) return
  return { transaction, ...(response && { response }) }
}

/** How a callback ended: an error, or the cookies of a session. */
export interface Outcome extends Use {
  readonly error?: OAuthError
  readonly cookies: readonly string[]
}

/** Finishes a sign-in, and ends the sessions that it takes the place of; never rejects. */
export async function finish(
  context: BffContext,
  forge: Forge,
  found: Found & { readonly old?: BffSession | undefined },
): Promise<Outcome> {
  let isAsked = false
  const fetch: typeof context.fetch = (...request) => {
    isAsked = true
    return context.fetch(...request)
  }
  try {
    const cookies = await redeem({ ...context, fetch }, forge, found)
    for (const one of [found.old, found.transaction.replaces]) if (one) context.sessions.end(one)
    return { cookies, isAsked }
  } catch (error) {
    return { error: toOAuthError(error), cookies: [], isAsked }
  }
}

/** Answers `GET callback/<name>`: takes the transaction of this browser, once, and finishes the sign-in. */
export async function receiveCallback(
  context: BffContext,
  forge: Forge,
  request: Request,
): Promise<Response> {
  const { publicOrigin, sessions, transactions } = context
  // The code would be spent for a page that may never be shown.
  if (isPrefetch(request)) return answer(null, { status: 204 })
  assertNavigation(request, ['cross-site', 'same-site', 'same-origin', 'none'])
  const url = new URL(new URL(request.url).search, forge.redirect_uri)
  const found = await findTransaction(context, { forge, request, url })
  // Nobody's here, or another browser's: it changes nothing.
  if (!found) return strayPage(publicOrigin)
  const { transaction, response } = found
  // Any site can send a person there, so it ends nothing: who thinks better of it goes on.
  if (!response) return redirectTo(nextPage(context, transaction, 'user_cancelled'))
  const old = (await sessions.find(request, forge)).session
  const tried = { text: url.search, signal: request.signal }
  const outcome = await transactions.once(transaction, tried, () =>
    finish(context, forge, { transaction, response, old }),
  )
  const { cookies = [] } = outcome ?? {}
  const error = outcome ? outcome.error?.code : old ? undefined : 'state_replayed'
  const cleared = transactions.remove(forge.name, transaction.state)
  return redirectTo(nextPage(context, transaction, error), [cleared, ...cookies])
}
