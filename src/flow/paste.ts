import { fail, OAuthError, type OAuthErrorCode } from '../protocol/errors.ts'
import { readPasted } from '../protocol/pasted.ts'
import type { Flow } from './flow.ts'

/** What a person is asked for. */
export interface PasteQuestion {
  /** What they open in another tab, as a link. */
  readonly url: URL
  /** Why what they pasted before was refused. */
  readonly error?: OAuthError
  /** Aborts when the sign-in ends. */
  readonly signal: AbortSignal
}

/** How a person pastes. */
export interface PasteOptions {
  /** Shows the address, and gives what the person pastes: the code, or the whole address they came back on. Nothing cancels. */
  readonly ask: (question: PasteQuestion) => Promise<string | null | undefined>
  readonly fetch?: typeof fetch
}

/** Asks once; nothing, white space alone and an aborted sign-in are the person's no. */
async function answerTo(ask: PasteOptions['ask'], question: PasteQuestion): Promise<string> {
  const { signal } = question
  const ended = new AbortController()
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), ended)
  })
  try {
    const pasted = signal.aborted ? '' : await Promise.race([ask(question), aborted])
    return pasted?.trim() || fail('user_cancelled')
  } finally {
    ended.abort()
  }
}

/** What a BFF said of a paste: nothing if it took it. */
interface Refused {
  readonly error: OAuthError
  /** The sign-in goes on. */
  readonly again: boolean
}

/** Posts a code to the BFF that the address of a login is of. */
async function post(
  login: URL,
  code: string,
  { fetch, signal }: { fetch: typeof globalThis.fetch; signal: AbortSignal },
): Promise<Refused | undefined> {
  const url = new URL(login.pathname.replace(/login(\/[^/]+)$/, 'callback$1'), login)
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'forgepass-csrf': '1' },
    // Enough of it to be found too long.
    body: JSON.stringify({ code: code.slice(0, 8193) }),
    signal,
  }).catch(() => undefined)
  // Whoever stands in front of the BFF, or the way to it, may be well again the next time.
  if (!response) return { error: new OAuthError('network_error'), again: true }
  const { status, headers } = response
  if (status === 204) return
  const told = headers.get('forgepass-error') as OAuthErrorCode | null
  const { hint, retryAfter, left } = (await response.json().catch(() => 0)) ?? 0
  const words = typeof hint === 'string' ? hint : undefined
  const error = new OAuthError(told ?? 'bad_status', { hint: words, retryAfter, status })
  return { error, again: told ? left > 0 : status >= 500 }
}

/**
 * Signs in where the server shows its code on a page, for the person to copy: `ask` puts up the address, and gives what they
 * paste. By way of a BFF a wrong paste is asked for again, three times in all. Throws `user_cancelled` where nothing is pasted.
 * @example createBffClient({ base: '/auth', provider: 'gitshare', flow: paste({ ask }) })
 */
export function paste({ ask, fetch: given }: PasteOptions): Flow {
  return async (address, { state, redirect_uri, signal }) => {
    const url = await address
    if (state) return readPasted(await answerTo(ask, { url, signal }), { redirect_uri, state })
    url.searchParams.set('manual', '1')
    let error: OAuthError | undefined
    for (;;) {
      const code = await answerTo(ask, { url, signal, ...(error && { error }) })
      const refused = await post(url, code, { fetch: given ?? fetch, signal })
      if (!refused) return new URL(redirect_uri)
      if (!refused.again) throw refused.error
      error = refused.error
    }
  }
}
