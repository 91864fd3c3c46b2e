import { localPath } from '../protocol/address.ts'
import { createAuthorizationRequest } from '../protocol/authorization.ts'
import { redirectTo } from './answer.ts'
import type { BffContext, Forge } from './context.ts'
import { assertNavigation } from './csrf.ts'
import { LIFETIME } from './transactions.ts'

/** Longer ones would not fit into the cookie. */
const LONGEST_RETURN = 1000

/** Answers `GET login/<name>`: remembers the sign-in in a sealed cookie and sends the person to the forge. */
export async function startLogin(context: BffContext, forge: Forge, request: Request): Promise<Response> {
  const { publicOrigin, crossSiteLogin, sessions, transactions, now } = context
  assertNavigation(request, ['same-origin', 'none', ...(crossSiteLogin ? ['same-site', 'cross-site'] : [])])
  const { searchParams } = new URL(request.url)
  const asked = searchParams.get('return_to') ?? '/'
  const return_to = localPath(asked.length > LONGEST_RETURN ? '/' : asked, new URL(publicOrigin))
  const relay = /^[\w-]{16,100}$/.exec(searchParams.get('relay') ?? '')?.[0]
  const { provider, client_id, redirect_uri, scope, parameters, pkce = provider.pkce } = forge
  const wanted = { client_id, redirect_uri, scope, parameters, pkce }
  const { url, transaction } = await createAuthorizationRequest(provider, wanted)
  // The way back is from another site, and does not bring the Strict cookie along.
  const { session: replaces } = await sessions.find(request, forge.name)
  const kept = {
    ...transaction,
    return_to,
    expires_at: now() + LIFETIME,
    ...(relay && { relay }),
    ...(replaces && { replaces: { id: replaces.id, ends_at: replaces.ends_at } }),
  }
  return redirectTo(url, await transactions.keep(request, forge.name, kept))
}
