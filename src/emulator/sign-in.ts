import { found, type Incoming, type Route } from './message.ts'
import { errorPage, homePage, signInPage } from './pages.ts'
import type { Store } from './store.ts'

/** Lets a form through only with the token of its own session, else answers 422 as Rails does. */
export const protectFromForgery =
  (route: Route): Route =>
  (incoming) => {
    if (incoming.params.get('authenticity_token') === incoming.visitor.authenticity_token)
      return route(incoming)
    const message = 'The change you requested was rejected. Go back, reload the page and try again.'
    return errorPage(incoming, { title: '422: The form has expired', message, status: 422 })
  }

/** Goes on within the forge; anything but a path would leave it. */
function goOn({ params, root }: Incoming): Response {
  const return_to = params.get('return_to') ?? ''
  return found(`${root}${/^\/[!-~]*$/.test(return_to) ? return_to : '/'}`)
}

/** Builds the routes by which people sign in to the forge itself, and out again. */
export function signInRoutes(store: Store): Record<string, Route> {
  const { accounts } = store
  return {
    'GET /': (incoming) => {
      const { account } = incoming.visitor
      return account ? homePage(incoming, account) : found(`${incoming.root}/users/sign_in`)
    },
    'GET /users/sign_in': (incoming) => signInPage(incoming, { accounts }),
    'POST /users/sign_in': protectFromForgery((incoming) => {
      const { params, visitor } = incoming
      const account = store.signIn(params.get('user[login]') ?? '', params.get('user[password]') ?? '')
      if (!account) {
        visitor.return_to = params.get('return_to') ?? undefined
        return signInPage(incoming, { accounts, alert: 'Invalid login or password.' })
      }
      visitor.signIn(account)
      return goOn(incoming)
    }),
    'POST /users/sign_out': protectFromForgery((incoming) => {
      incoming.visitor.signOut()
      return goOn(incoming)
    }),
  }
}
