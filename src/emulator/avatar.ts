import { escapeHtml } from './html.ts'
import type { Route } from './message.ts'
import type { Account, Store } from './store.ts'

const path = (account: Account) => `/uploads/-/system/user/avatar/${account.id}/avatar.svg`

/** Gives the address of an account's picture. */
export const avatarUrl = (account: Account, root: string): string =>
  account.avatar_url ?? `${root}${path(account)}`

/** Draws the initials of a name on a colour of its own. */
function drawInitials({ id, name }: Account): string {
  const initials = name.split(/\s+/).map((word) => [...word][0] ?? '')
  const text = escapeHtml(initials.slice(0, 2).join('').toUpperCase())
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="hsl(${
    (id * 137 + 120) % 360
  } 45% 38%)"/><text x="20" y="26" font-family="system-ui, sans-serif" font-size="16" font-weight="600" text-anchor="middle" fill="#fff">${text}</text></svg>`
}

/** Builds the routes that serve the drawn pictures. */
export const avatarRoutes = (store: Store): Record<string, Route> =>
  Object.fromEntries(
    store.accounts.map((account) => [
      `GET ${path(account)}`,
      () =>
        new Response(drawInitials(account), {
          headers: {
            'content-type': 'image/svg+xml',
            'content-security-policy': "default-src 'none'",
            'cross-origin-resource-policy': 'cross-origin',
          },
        }),
    ]),
  )
