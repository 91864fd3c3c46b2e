import type { Account, Provider } from '../provider/provider.ts'
import { presentToken } from './bearer.ts'
import { readText } from './token.ts'

/** How the account is asked for. */
export interface AccountOptions {
  readonly access_token: string
  readonly fetch: typeof fetch
  readonly signal?: AbortSignal
}

/** Asks the forge whose token it is; `undefined` where it does not say. Rejects with the answer if that is no success. */
export async function readAccount(
  provider: Provider,
  { access_token, fetch, signal }: AccountOptions,
): Promise<Account | undefined> {
  const { account, api_base } = provider
  if (!account) return
  const asked = new Request(new URL(account.url, api_base), {
    headers: { accept: 'application/json' },
    credentials: 'omit',
    redirect: 'error',
  })
  const request = await presentToken(asked, access_token, provider)
  // Not in the request: there Node 20 lets a garbage collection take the time limit away.
  const response = await fetch(request, signal && { signal })
  if (!response.ok) throw response
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(account.read(JSON.parse(await readText(response))))) {
    // Numbers are ids; an address is shown or followed, so it is one of the web.
    const usable = value && /string|number/.test(typeof value)
    if (usable && (!name.endsWith('_url') || /^(https?:|data:image\/)/.test(`${value}`)))
      found[name] = `${value}`
  }
  const { id } = found
  return id ? { username: id, ...found, id } : undefined
}
