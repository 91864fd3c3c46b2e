import { found, type Incoming, type Route } from './message.ts'
import { errorPage, homePage, signInPage } from './pages.ts'
import type { Account, Store } from './store.ts'

/** Lets a form through only with the token of its own session, else answers 422 as Rails does. */
export const protectFromForgery =
  (route: Route): Route =>
  (incoming) => {
    if (incoming.params.get('authenticity_token') === incoming.visitor.authenticity_token)
      return route(incoming)
    const message = 'The change you requested was rejected. Go back, reload the page and try again.'
    return errorPage(incoming, { title: '422: The form has expired', message, status: 422 })
  }

/** Builds a route for someone who is signed in; anyone else signs in first, and then asks for `path` again. */
export const forSignedIn =
  (path: string, route: (incoming: Incoming & { account: Account }) => Response | Promise<Response>): Route =>
  (incoming) => {
    const { params, root, visitor, signInPath } = incoming
    if (visitor.account) return route({ ...incoming, account: visitor.account })
    visitor.return_to = `${path}?${params}`
    return found(root + signInPath)
  }

/** Goes on within the forge; anything but a path would leave it. */
function goOn({ params, root }: Incoming): Response {
  const return_to = params.get('return_to') ?? ''
  return found(`${root}${/^\/[!-~]*$/.test(return_to) ? return_to : '/'}`)
}

/** Builds the routes by which people sign in to the forge itself, and out again. */
export function signInRoutes(
  store: Store,
  { signInPath, signOutPath }: Pick<Incoming, 'signInPath' | 'signOutPath'>,
): Record<string, Route> {
  const { accounts, personal_access_tokens } = store
  return {
    'GET /': (incoming) => {
      const { account } = incoming.visitor
      if (!account) return found(incoming.root + signInPath)
      const own = personal_access_tokens.filter(({ username }) => username === account.username)
      return homePage(incoming, { account, personal_access_tokens: own.map(({ token }) => token) })
    },
    [`GET ${signInPath}`]: (incoming) => signInPage(incoming, { accounts }),
    [`POST ${signInPath}`]: protectFromForgery((incoming) => {
      const { params, visitor } = incoming
      const account = store.signIn(params.get('user[login]') ?? '', params.get('user[password]') ?? '')
      if (!account) {
        visitor.return_to = params.get('return_to') ?? undefined
        return signInPage(incoming, { accounts, alert: 'Invalid login or password.' })
      }
      visitor.signIn(account)
      return goOn(incoming)
    }),
    [`POST ${signOutPath}`]: protectFromForgery((incoming) => {
      incoming.visitor.signOut()
      return goOn(incoming)
    }),
  }
}
