import { formLabelled, linkLabelled, readForms, redirectOf } from '../markup.ts'
import { found, type Incoming } from '../message.ts'
import { isPage } from '../page.ts'
import { redirectPage } from '../pages.ts'
import type { Account } from '../store.ts'
import type { Visitor } from '../visitor.ts'
import type { Around } from './fault.ts'

const wrong = 'https://wrong-issuer.example'

/** Puts the issuer of somebody else into the answer to the application (RFC 9207 section 2). */
function misname(location: string): string {
  if (location.includes('#')) return `${location}&${new URLSearchParams({ iss: wrong })}`
  const url = new URL(location)
  url.searchParams.set('iss', wrong)
  return url.href
}

/** Names another issuer wherever the forge sends people back. */
export const misnameIssuer: Around = async (incoming, next) => {
  const response = await next(incoming)
  const location = response.headers.get('location')
  if (location && !`${location}/`.startsWith(`${incoming.root}/`))
    response.headers.set('location', misname(location))
  if (!isPage(response)) return response
  const byScript = redirectOf(await response.clone().text())
  return byScript === undefined ? response : redirectPage(incoming, { location: misname(byScript) })
}

/** Someone who is signed in, and known for nothing: the forge asks them what others have agreed to before. */
const stranger = (account: Account): Visitor => ({
  account: { ...account },
  authenticity_token: 'denied',
  return_to: undefined,
  setCookie: undefined,
  signIn() {},
  signOut() {},
})

/** Presses the button on a consent page that says no; anything but a consent page stays as it is. */
async function pressDeny(page: Response, { root }: Incoming) {
  const text = await page.clone().text()
  const form = formLabelled(readForms(text), 'deny')
  if (!form) return { href: linkLabelled(text, 'deny') }
  const { fields: params, action } = form
  const method = params.get('_method')?.toUpperCase() ?? 'POST'
  return {
    sent: { method, path: action.slice(root.length), params, query: new URLSearchParams(), body: params },
  }
}

/** Answers an authorization request with the forge's own no, without signing in and without a question. */
export const deny: Around = async (incoming, next, { place, store }) => {
  const [account] = store.accounts
  if (place !== 'authorization' || !account) return next(incoming)
  const asked = { ...incoming, visitor: stranger(account) }
  const page = await next(asked)
  if (!isPage(page)) return page
  const { href, sent } = await pressDeny(page, incoming)
  if (sent) return next({ ...asked, ...sent })
  return href === undefined ? page : found(href)
}
