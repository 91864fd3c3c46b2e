import type { Account, AccountEndpoint, Provider } from '../provider/provider.ts'
import { presentToken } from './bearer.ts'
import { type Claims, readText } from './token.ts'

/** How the account is asked for. */
export interface AccountOptions {
  readonly access_token: string
  readonly fetch: typeof fetch
  readonly signal?: AbortSignal
  /** Of the ID token: they are the account of a server that has no page for it. */
  readonly claims?: Claims | undefined
}

/** Makes an account of what was read: without an `id` it is none, nor with another one than the ID token's (OpenID Connect Core section 5.3.2). */
function toAccount(read: ReturnType<AccountEndpoint['read']>, sub?: string): Account | undefined {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(read)) {
    // Numbers are ids; an address is shown or followed, so it is one of the web.
    const usable = value && /string|number/.test(typeof value)
    if (usable && (!name.endsWith('_url') || /^(https?:|data:image\/)/.test(`${value}`)))
      found[name] = `${value}`
  }
  const { id } = found
  return id && (!sub || id === sub) ? { username: id, ...found, id } : undefined
}

/** Asks the forge whose token it is; `undefined` where it does not say. Rejects with the answer if that is no success. */
export async function readAccount(
  provider: Provider,
  { access_token, fetch, signal, claims }: AccountOptions,
): Promise<Account | undefined> {
  const { account, api_base, userinfo_endpoint } = provider
  if (!account?.url) return account && claims && toAccount(account.read(claims))
  const asked = new Request(new URL(account.url, api_base), {
    headers: { accept: 'application/json' },
    credentials: 'omit',
    redirect: 'error',
  })
  const request = await presentToken(asked, access_token, provider)
  // Not in the request: there Node 20 lets a garbage collection take the time limit away.
  const response = await fetch(request, signal && { signal })
  if (!response.ok) throw response
  const read = account.read(JSON.parse(await readText(response)))
  return toAccount(read, account.url === userinfo_endpoint ? claims?.sub : undefined)
}
