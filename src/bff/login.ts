import { localPath } from '../protocol/address.ts'
import { createAuthorizationRequest } from '../protocol/authorization.ts'
import { fail } from '../protocol/errors.ts'
import type { Provider } from '../provider/provider.ts'
import { answer, redirectTo } from './answer.ts'
import type { BffContext, Forge } from './context.ts'
import { assertNavigation, isPrefetch } from './csrf.ts'
import { LIFETIME } from './transactions.ts'

/** Longer ones would make the cookie too long for a server's patience. */
const LONGEST_RETURN = 500

/** The page of the application to come back to, without what an earlier sign-in has left in its address. */
function readReturnTo({ searchParams }: URL, publicOrigin: string): string {
  const return_to = localPath(searchParams.get('return_to') ?? '/', new URL(publicOrigin))
  const clean = return_to.replace(/^([^?#]*)\?([^#]*)/, (_, path, query) => {
    const rest = query.split('&').filter((part: string) => !part.startsWith('forgepass_error='))
    return rest.length > 0 ? `${path}?${rest.join('&')}` : path
  })
  return clean.length > LONGEST_RETURN ? '/' : clean
}

/** The nonce of the window that waits for this popup, if it is one. */
export const readRelay = ({ searchParams }: URL): string | undefined =>
  /^[\w-]{16,100}$/.exec(searchParams.get('relay') ?? '')?.[0]

/** The forge of a sign-in whose code is copied by hand: it names no address to come back to, at neither step. */
export const withoutAddress = (provider: Provider): Provider => ({
  ...provider,
  authorization_redirect_uri: 'none',
  token_redirect_uri: 'none',
})

/** Whether the person is going to copy the code; throws `unsupported_by_provider` where the forge shows none. */
function readManual({ searchParams }: URL, { name, manual_redirect_uri }: Provider): boolean {
  const manual = searchParams.get('manual') === '1'
  if (manual && !manual_redirect_uri)
    fail('unsupported_by_provider', `${name} shows no code to copy: sign in without manual=1.`)
  return manual
}

/** Answers `GET login/<name>`: remembers the sign-in in a sealed cookie and sends the person to the forge. */
export async function startLogin(context: BffContext, forge: Forge, request: Request): Promise<Response> {
  const { publicOrigin, crossSiteLogin, sessions, transactions, now } = context
  // It would push out a sign-in that is under way.
  if (isPrefetch(request)) return answer(null, { status: 204 })
  assertNavigation(request, ['same-origin', 'none', ...(crossSiteLogin ? ['same-site', 'cross-site'] : [])])
  const asked = new URL(request.url)
  const return_to = readReturnTo(asked, publicOrigin)
  const relay = readRelay(asked)
  const { provider, client_id, redirect_uri, scope, parameters, pkce = provider.pkce } = forge
  const wanted = { client_id, redirect_uri, scope, parameters, pkce }
  const manual = readManual(asked, provider)
  const server = manual ? withoutAddress(provider) : provider
  const { url, transaction } = await createAuthorizationRequest(server, wanted)
  // The way back is from another site, and does not bring the Strict cookie along.
  const { session: replaces } = await sessions.find(request, forge)
  const kept = {
    ...transaction,
    return_to,
    expires_at: now() + LIFETIME,
    ...(manual && { manual }),
    ...(relay && { relay }),
    ...(replaces && { replaces: { id: replaces.id, ends_at: replaces.ends_at } }),
  }
  return redirectTo(url, await transactions.keep(request, forge.name, kept))
}
