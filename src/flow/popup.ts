import { pageOf } from '../protocol/address.ts'
import { fail, OAuthError } from '../protocol/errors.ts'
import { random } from '../protocol/pkce.ts'
import type { Flow, FlowContext } from './flow.ts'
import { openChannel, relay, stateOf } from './relay.ts'

/** How the popup looks. */
export interface PopupOptions {
  /** In CSS pixels. Default: 600. */
  readonly width?: number
  /** In CSS pixels. Default: 700. */
  readonly height?: number
  readonly now?: () => number
}

/** Milliseconds between two looks at the popup, of which three in a row must find it closed. */
const LOOK = 500

/** Opens the window; has to be called inside the click. */
function openWindow({ width = 600, height = 700 }: PopupOptions): Window {
  // Every sandboxed page has this origin, so it tells nobody apart.
  if (origin === 'null')
    fail('opaque_origin', 'Give the frame allow-same-origin, or sign in from the page itself.')
  const [left, top] = [screenX + (outerWidth - width) / 2, screenY + (outerHeight - height) / 2]
  const features = `popup,width=${width},height=${height},left=${left},top=${top}`
  return (
    open('', '', features) ?? fail('popup_blocked', 'Allow popups for this site, or sign in by redirect.')
  )
}

/** What of a flow's context the waiting needs, with a signal that ends the waiting too. */
type Waiting = Omit<FlowContext, 'deadline'> & { readonly state: string; readonly child: Window }

/** Waits for the response to this sign-in; whatever else arrives is left alone. */
function hear({ state, redirect_uri, signal, child }: Waiting): Promise<URL> {
  return new Promise((resolve) => {
    const accept = (data: unknown, answer: (taken: true) => void) => {
      // Copied as text: anything else could change between two looks.
      const url = typeof data === 'string' && URL.canParse(data) && new URL(data)
      if (!url || pageOf(url) !== pageOf(redirect_uri) || stateOf(url) !== state) return
      answer(true)
      resolve(url)
    }
    const channel = openChannel(state)
    const hearChannel = ({ data }: MessageEvent) => accept(data, (taken) => channel?.postMessage(taken))
    const hearWindow = ({ data, origin, source }: MessageEvent) => {
      if (origin === new URL(redirect_uri).origin && source === child)
        accept(data, (taken) => child.postMessage(taken, origin))
    }
    channel?.addEventListener('message', hearChannel)
    addEventListener('message', hearWindow, { signal })
    signal.addEventListener('abort', () => channel?.close())
  })
}

/** Looks after the popup: one that seems closed may be alive, severed from its opener by the forge. */
function watch({ child, signal, notify }: Waiting): void {
  let looks = 0
  const timer = setInterval(() => {
    looks = child.closed ? looks + 1 : 0
    if (looks === 3) notify?.('maybe_closed')
  }, LOOK)
  signal.addEventListener('abort', () => clearInterval(timer))
}

/**
 * Signs in in a popup, which `client.callback()` or `relay()` on the callback page answers and closes. A popup that seems
 * closed ends nothing, for a forge may sever it: subscribers hear `maybe_closed`, and `signal` ends the sign-in with `popup_closed`.
 * Throws `popup_blocked` outside of a click.
 */
export function popup(options: PopupOptions = {}): Flow {
  const flow: Flow = async (url, { state: given, deadline, ...context }) => {
    const { now = Date.now } = options
    if (context.signal.aborted) fail('popup_closed')
    const child = openWindow(options)
    const state = given ?? random()
    const ended = new AbortController()
    const waiting = { ...context, state, child, signal: ended.signal }
    const go = async () => {
      const target = await url
      if (!given) target.searchParams.set('relay', state)
      child.location.replace(target.href)
    }
    try {
      return await new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new OAuthError('transaction_expired')),
          (deadline ?? now() + 600_000) - now(),
        )
        ended.signal.addEventListener('abort', () => clearTimeout(timer))
        context.signal.addEventListener('abort', () => reject(new OAuthError('popup_closed')), waiting)
        go().catch(reject)
        hear(waiting).then(resolve)
        watch(waiting)
      })
    } finally {
      ended.abort()
      child.close()
    }
  }
  return Object.assign(flow, { relay })
}
