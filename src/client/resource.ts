import { presentToken, type TokenForm } from '../protocol/bearer.ts'
import { fail } from '../protocol/errors.ts'

/** Whose API a client calls, and with what. */
export interface ResourceContext {
  readonly provider: TokenForm & { readonly api_base?: string | undefined }
  /** Further prefixes that may get the token. */
  readonly resources?: readonly string[] | undefined
  readonly session: {
    /** A token that can be used now, and none that was `refused`; `id` tells one sign-in from another. */
    live(refused?: string): Promise<{ readonly access_token: string; readonly id: string | number }>
  }
  readonly fetch: typeof fetch
}

/** Joins an address to the API base and refuses what lies outside it: the token goes nowhere else. */
function resolveResource(address: string, { provider, resources = [] }: ResourceContext): URL {
  const bases = [provider.api_base ?? [], resources].flat()
  const url = URL.canParse(address, bases[0]) && new URL(address, bases[0])
  // Both as the URL parser leaves them; a base without its slash would match more than itself.
  const allowed = url && bases.some((base) => base.endsWith('/') && url.href.startsWith(new URL(base).href))
  return allowed
    ? url
    : fail('resource_not_allowed', `The token goes only below these, each ending in /: ${bases}`)
}

/** Throws `scope_required` where an API says that the token may do too little (RFC 6750 section 3.1); any other 403 is the app's to read. */
async function assertAllowed(response: Response): Promise<Response> {
  const { headers, status } = response
  if (status !== 403) return response
  const { error } = Object(
    await response
      .clone()
      .json()
      .catch(() => 0),
  )
  const isScope =
    error === 'insufficient_scope' || /"insufficient_scope"/.test(`${headers.get('www-authenticate')}`)
  return isScope ? fail('scope_required', 'Sign in again with more scope.', { status }) : response
}

/** Sends a request with the session's token; on 401 renews it once and repeats once, if the body can be sent again. */
export async function fetchResource(
  context: ResourceContext,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const { provider, session, fetch } = context
  const given = input instanceof Request ? input : undefined
  const url = resolveResource(given ? given.url : `${input}`, context)
  const send = async ({ access_token }: { access_token: string }) => {
    const request = new Request(given || url, init)
    return assertAllowed(await fetch(await presentToken(request, access_token, provider)))
  }
  const record = await session.live()
  const response = await send(record)
  if (response.status !== 401 || given?.bodyUsed || init?.body instanceof ReadableStream) return response
  const renewed = await session.live(record.access_token)
  // What was meant for one account is not done with another's, and no second time with the same token.
  if (renewed.id !== record.id || renewed.access_token === record.access_token) return response
  const again = await send(renewed)
  return again.status === 401 ? fail('login_required', undefined, { status: 401 }) : again
}
