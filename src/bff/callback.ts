import { type AuthorizationResponse, readAuthorizationResponse } from '../protocol/authorization.ts'
import { redeemCode } from '../protocol/code.ts'
import { fail, OAuthError } from '../protocol/errors.ts'
import { revoke } from '../protocol/revocation.ts'
import { assertScope } from '../protocol/token.ts'
import { redirectTo } from './answer.ts'
import type { BffContext, Forge } from './context.ts'
import { assertNavigation, isPrefetch } from './csrf.ts'
import { strayPage } from './page.ts'
import type { BffTransaction } from './transactions.ts'

/** Where the person goes on: back to the application, or in a popup to the page that tells the window behind it. */
function nextPage(
  { base, publicOrigin }: BffContext,
  { relay, return_to }: BffTransaction,
  error?: unknown,
): URL {
  const next = new URL(relay ? `${base}/relay?state=${relay}` : publicOrigin + return_to)
  const code = error instanceof OAuthError ? error.code : 'server_error'
  // By hand: the app's own query stays as it is written.
  if (error) next.search = `${next.search ? `${next.search}&` : ''}forgepass_error=${code}`
  return next
}

/** Exchanges the code with the secret and gives the Set-Cookie value of the new session. */
async function finish(
  context: BffContext,
  {
    forge,
    transaction,
    response,
  }: { forge: Forge; transaction: BffTransaction; response: AuthorizationResponse },
): Promise<string> {
  const { sessions, now } = context
  if (transaction.expires_at <= now()) fail('transaction_expired')
  const client = { ...context, ...forge, authentication: await forge.authenticate() }
  const tokens = await redeemCode(transaction, response, client)
  const { scope = transaction.scope } = tokens
  try {
    assertScope(scope, transaction.scope, forge)
    return await sessions.keep(forge.name, sessions.begin({ ...tokens, scope }))
  } catch (error) {
    void revoke(tokens, client)
    throw error
  }
}

/** Finds the sign-in that a response belongs to in this browser; a bare return belongs to the latest. */
async function findTransaction(
  context: BffContext,
  { forge, request, url }: { forge: Forge; request: Request; url: URL },
) {
  const { transactions } = context
  const response = readAuthorizationResponse(url)
  if (!response && forge.provider.bare_cancel) {
    const transaction = await transactions.findLatest(request, forge.name)
    return transaction && { transaction }
  }
  const [state = '', ...more] = response?.parameters.getAll('state') ?? []
  const transaction = more.length > 0 ? undefined : await transactions.find(request, forge.name, state)
  return response && transaction && { transaction, response }
}

/** Answers `GET callback/<name>`: takes the transaction of this browser, once, and finishes the sign-in. */
export async function receiveCallback(
  context: BffContext,
  forge: Forge,
  request: Request,
): Promise<Response> {
  const { publicOrigin, sessions, transactions } = context
  // The code would be spent for a page that may never be shown.
  if (isPrefetch(request)) return new Response(null, { status: 204 })
  assertNavigation(request, ['cross-site', 'same-site', 'same-origin', 'none'])
  const url = new URL(new URL(request.url).search, forge.redirect_uri)
  const found = await findTransaction(context, { forge, request, url })
  // Nobody's here, or another browser's: it changes nothing.
  if (!found) return strayPage(publicOrigin)
  const { transaction, response } = found
  const isFirst = transactions.consume(transaction)
  const old = (await sessions.find(request, forge.name)).session
  const cleared = transactions.remove(forge.name, transaction.state)
  if (!isFirst && old) return redirectTo(nextPage(context, transaction), [cleared])
  try {
    if (!isFirst) fail('state_replayed')
    const kept = response ? await finish(context, { forge, transaction, response }) : fail('user_cancelled')
    for (const one of [old, transaction.replaces]) if (one) sessions.end(one)
    return redirectTo(nextPage(context, transaction), [cleared, kept])
  } catch (error) {
    return redirectTo(nextPage(context, transaction, error), [cleared])
  }
}
