import { fail } from '../protocol/errors.ts'
import type { Provider } from '../provider/provider.ts'
import type { SessionRecord } from '../session/record.ts'
import type { ClientContext } from './options.ts'

/** Joins an address to the API base and refuses what lies outside it: the token goes nowhere else. */
function resolveResource(address: string, provider: Provider, resources: readonly string[] = []): URL {
  const bases = [provider.api_base ?? [], resources].flat()
  const url = URL.canParse(address, bases[0]) && new URL(address, bases[0])
  // Both as the URL parser leaves them; a base without its slash would match more than itself.
  const allowed = url && bases.some((base) => base.endsWith('/') && url.href.startsWith(new URL(base).href))
  return allowed
    ? url
    : fail('resource_not_allowed', `The token goes only below these, each ending in /: ${bases}`)
}

/** Sends a request with the session's token; on 401 renews it once and repeats once, if the body can be sent again. */
export async function fetchResource(
  { provider, session, resources, fetch }: ClientContext,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const given = input instanceof Request ? input : undefined
  const url = resolveResource(given ? given.url : `${input}`, provider, resources)
  const send = ({ access_token }: SessionRecord) => {
    const request = new Request(given || url, init)
    request.headers.set('authorization', `Bearer ${access_token}`)
    return fetch(request)
  }
  const record = await session.live()
  const response = await send(record)
  if (response.status !== 401 || given?.bodyUsed || init?.body instanceof ReadableStream) return response
  const renewed = await session.live(record.access_token)
  // What was meant for one account is not done with another's.
  if (renewed.id !== record.id) return response
  const again = await send(renewed)
  return again.status === 401 ? fail('login_required', undefined, { status: 401 }) : again
}
