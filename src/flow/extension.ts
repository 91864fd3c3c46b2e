import { fail, OAuthError, type OAuthErrorCode } from '../protocol/errors.ts'
import type { Flow } from './flow.ts'

/** How the browser goes to the forge, in the words of its identity API. */
export interface ExtensionOptions {
  /** Whether a window may open; where none may, a sign-in that needs the person is `interaction_required`. Default: true. */
  readonly interactive?: boolean
  /** Without a window: `false` lets a page move on by script before it is given up. Chrome only. */
  readonly abortOnLoadForNonInteractive?: boolean
  /** Without a window: milliseconds for the whole way there and back. Chrome only. */
  readonly timeoutMsForNonInteractive?: number
}

/** What is needed of `chrome.identity`, or of `browser.identity` in Firefox. */
export interface Identity {
  launchWebAuthFlow(details: ExtensionOptions & { readonly url: string }): Promise<string | undefined>
}

const ITS_OWN = 'Give chrome.identity.getRedirectURL() as redirect_uri, and register it at the forge.'

/** What browsers say, which have no codes for it: Chrome's words, and Firefox's. */
const SAYINGS: readonly (readonly [RegExp, OAuthErrorCode, hint?: string])[] = [
  [/interaction/i, 'interaction_required', 'Let the person press a button, and sign in with a window.'],
  [/approve|cancel/i, 'user_cancelled'],
  // Also that of a worker that was stopped meanwhile: nobody hears any more what comes of it.
  [/one .*at a time/i, 'login_in_progress', 'Finish in the window that is still open, or close it.'],
  [/redirect_uri/i, 'invalid_redirect_uri', ITS_OWN],
  [/parameter/i, 'invalid_options', 'This browser does not take these options of extension().'],
]

/** Gives the code for what a browser says; whatever else it says, nobody came back. */
function explain(reason: unknown): never {
  const { message = '' } = Object(reason)
  const [, code, hint] = SAYINGS.find(([words]) => words.test(message)) ?? []
  return fail(code ?? 'network_error', code ? hint : `Check that the forge is up. ${ITS_OWN}`)
}

/** Asks the browser to bring the person there and back. */
async function launch(identity: Identity, details: Parameters<Identity['launchWebAuthFlow']>[0]) {
  let back: string | undefined
  try {
    back = await identity.launchWebAuthFlow(details)
  } catch (reason) {
    explain(reason)
  }
  if (!back) return fail(details.interactive ? 'user_cancelled' : 'interaction_required')
  return URL.canParse(back) ? new URL(back) : fail('malformed_response')
}

/**
 * Signs in from a browser extension by its identity API; `client.login()` belongs in the service worker, for a popup closes as the
 * window opens. Throws `user_cancelled` if the person closes the window, or if `signal` aborts, which leaves it open; and
 * `login_in_progress` where Chrome has one open already.
 * @example createClient({ ...app, redirect_uri: chrome.identity.getRedirectURL(), flow: extension(chrome.identity) })
 */
export const extension =
  (identity: Identity, options: ExtensionOptions = {}): Flow =>
  async (url, { redirect_uri, signal }) => {
    // A path has become an address inside the extension, to which no forge sends anybody.
    if (!/^https?:/.test(redirect_uri)) fail('invalid_redirect_uri', ITS_OWN)
    const { href } = await url
    const ended = new AbortController()
    try {
      return await new Promise<URL>((resolve, reject) => {
        const abort = () => reject(new OAuthError('user_cancelled'))
        if (signal.aborted) return abort()
        signal.addEventListener('abort', abort, ended)
        launch(identity, { interactive: true, ...options, url: href }).then(resolve, reject)
      })
    } finally {
      ended.abort()
    }
  }
