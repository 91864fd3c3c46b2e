/** Milliseconds to wait for the window that started the sign-in to answer. */
const PATIENCE = 1000

/** The state of an authorization response, in the query or the fragment of an address. */
export const stateOf = ({ search, hash }: URL): string | null =>
  new URLSearchParams(search).get('state') ?? new URLSearchParams(hash.slice(1)).get('state')

/** The channel of one sign-in between the windows of an origin; absent where a page may have none, as in some frames. */
export function openChannel(state: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(`forgepass ${state}`)
  } catch {}
}

/**
 * Hands the authorization response in this popup's address to the window that opened it, scrubs the address and closes the
 * popup; resolves `false` if nobody took it within a second. For a callback page that does nothing else.
 * @example await relay() // the one line of /callback
 */
export async function relay(url: URL = new URL(location.href)): Promise<boolean> {
  const state = stateOf(url)
  if (!state) return false
  if (url.href === location.href) history.replaceState(history.state, '', url.pathname)
  const channel = openChannel(state)
  const ended = new AbortController()
  const taken = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, PATIENCE, false)
    const onAnswer = ({ data }: MessageEvent) => data === true && resolve(true)
    ended.signal.onabort = () => clearTimeout(timer)
    channel?.addEventListener('message', onAnswer, ended)
    addEventListener('message', (event) => opener && event.source === opener && onAnswer(event), ended)
    channel?.postMessage(url.href)
    // Never to whoever happens to be there: only to a window of this origin.
    opener?.postMessage(url.href, location.origin)
  })
  ended.abort()
  channel?.close()
  if (taken) close()
  return taken
}
