import { OAuthError } from '../protocol/errors.ts'
import type { Flow } from './flow.ts'

/** Rejects when the person comes back to this page, kept alive by the back-forward cache, without having signed in. */
const comesBack = () =>
  new Promise<never>((_, reject) => {
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return
      removeEventListener('pageshow', onShow)
      reject(new OAuthError('login_abandoned'))
    }
    addEventListener('pageshow', onShow)
  })

/** Leaves this page for the authorization server; `client.callback()` finishes the sign-in on the page that comes back. */
export const redirect =
  (): Flow =>
  async (url, { signal }) => {
    const { href } = await url
    signal.throwIfAborted()
    location.assign(href)
    return comesBack()
  }
