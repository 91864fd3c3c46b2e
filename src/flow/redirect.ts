import { OAuthError } from '../protocol/errors.ts'
import type { Flow } from './flow.ts'

/** Rejects when the person is back on this page, kept alive by the back-forward cache, or when `signal` aborts. */
const comesBack = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (persisted) reject(new OAuthError('login_abandoned'))
    }
    addEventListener('pageshow', onShow, { signal })
    signal.addEventListener('abort', () => reject(signal.reason))
  })

/** Leaves this page for the authorization server; `client.callback()` finishes the sign-in on the page that comes back. */
export const redirect =
  (): Flow =>
  async (url, { signal }) => {
    const { href } = await url
    signal.throwIfAborted()
    location.assign(href)
    return comesBack(signal)
  }
