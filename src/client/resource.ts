import { OAuthError } from '../protocol/errors.ts'
import type { Account, Provider } from '../provider/provider.ts'
import type { ClientContext } from './options.ts'

/** Joins an address to the API base and refuses what lies outside it: the token goes nowhere else. */
export function resolveResource(address: string, provider: Provider, resources: readonly string[] = []): URL {
  const bases = [provider.api_base ?? [], resources].flat()
  const url = URL.canParse(address, bases[0]) && new URL(address, bases[0])
  // Both ends are compared as the URL parser leaves them, and a base without its slash would match more than itself.
  if (!url || url.username || !bases.some((base) => base.endsWith('/') && url.href.startsWith(new URL(base).href))) {
    throw new OAuthError('resource_not_allowed', { hint: `The token goes only to addresses below: ${bases.join(' ')}` })
  }
  return url
}

/** Sends a request with the session's token; on 401 renews it once and repeats once, if the body can be sent again. */
export async function fetchResource(
  context: ClientContext,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const { provider, session, resources } = context
  const given = input instanceof Request ? input : undefined
  const url = resolveResource(given?.url ?? `${input}`, provider, resources)
  const send = ({ access_token }: { access_token: string }) => {
    const request = new Request(given ?? url, init)
    request.headers.set('authorization', `Bearer ${access_token}`)
    return context.fetch(request)
  }
  const record = await session.live()
  const response = await send(record)
  if (response.status !== 401 || given?.body || init?.body instanceof ReadableStream) return response
  const again = await send(await session.live(record.access_token))
  if (again.status === 401) throw new OAuthError('login_required', { status: 401 })
  return again
}

/** Asks the forge who owns a token; `undefined` if it does not say. */
export async function readAccount(context: ClientContext, access_token: string): Promise<Account | undefined> {
  const { account, api_base } = context.provider
  if (!account) return
  const headers = { accept: 'application/json', authorization: `Bearer ${access_token}` }
  const response = await context.fetch(new Request(new URL(account.url, api_base), { headers }))
  const body: Record<string, unknown> = await response.json()
  const found: Record<string, string> = {}
  for (const name of ['id', 'username', 'name', 'email', 'avatar_url', 'profile_url'] as const) {
    const value = body[account.members?.[name] ?? name]
    if (value && /string|number/.test(typeof value)) found[name] = `${value}`
  }
  return found.id ? { username: found.id, ...(found as { id: string }) } : undefined
}
