import { type Client, type ClientOptions, createClient } from '../../src/index.ts'
import { type Changes, findPlace, startApp } from './app.ts'

/** Puts the page at another address of its origin, as coming back to it does. */
export const arrive = (address: string | URL): void => history.replaceState(history.state, '', address)

/** An app in a page: its callback is on the page's origin, and what it does not say is left to the browser. */
export function startPage(changes: Changes = {}) {
  const { base, redirect_uri } = findPlace()
  const place = { base, redirect_uri: location.origin + new URL(redirect_uri).pathname }
  const app = startApp({ place, ...changes })
  const { navigate: _, ...options } = app.options
  const { provider: __, ...own } = changes
  const open = (more: Partial<ClientOptions> = {}): Client =>
    createClient({ ...options, ...own, ...more } as ClientOptions)
  const client = open()
  const start = (login: Parameters<Client['login']>[0] = {}) => app.start(login, client)
  /** Comes back to the page with these parameters, written as they are. */
  const comeBack = (parameters: string) => arrive(`${place.redirect_uri}${parameters}`)
  arrive('/')
  return { ...app, open, client, start, comeBack }
}
