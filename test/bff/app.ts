import { expect } from 'vitest'
import { type BffOptions, type BffProviderOptions, createBff } from '../../src/bff/index.ts'
import { gitea, gitkraken, gitlab } from '../../src/provider/index.ts'
import { type Answer, json } from '../client/app.ts'
import { type Browser, type Cookie, createBrowser, ORIGIN } from './browser.ts'

export { json, until } from '../client/app.ts'
export { ORIGIN } from './browser.ts'

export const SECRET = 'canary-client-secret-1'
export const COOKIE_SECRET = 'canary-cookie-secret-of-32-letters-1'

/** The forges of the usual BFF. */
export const PROVIDERS = {
  gitlab: { provider: gitlab({ base: 'https://gitlab.example' }), scope: 'read_user' },
  gitkraken: { provider: gitkraken({ base: 'https://kraken.example' }), scope: 'board:read user:read' },
  gitea: { provider: gitea({ base: 'https://gitea.example', profile: 'documented' }) },
} satisfies Record<string, Partial<BffProviderOptions>>

export type ForgeName = keyof typeof PROVIDERS

/** A request as it reached a forge. */
export interface Sent {
  readonly request: Request
  readonly url: URL
  readonly body: URLSearchParams
}

/** The scripted forges: what they answer, and what they were asked. */
function createForges() {
  let count = 0
  const sent: Sent[] = []
  const issue: Answer = () => {
    count += 1
    const tokens = { access_token: `canary-access-${count}`, refresh_token: `canary-refresh-${count}` }
    return json({ ...tokens, token_type: 'bearer', expires_in: 7200, scope: 'read_user' })
  }
  const answers: Record<'token' | 'revoke' | 'user' | 'api', Answer> = {
    token: issue,
    revoke: () => json({}),
    user: () => json({ id: 7, username: 'ada', login: 'ada', name: 'Ada' }),
    api: () => json([]),
  }
  const kindOf = ({ url, method }: Request): keyof typeof answers => {
    const { pathname } = new URL(url)
    if (method === 'POST' && /\/(oauth\/token|access_token)$/.test(pathname)) return 'token'
    if (pathname.endsWith('/oauth/revoke')) return 'revoke'
    return pathname.endsWith('/user') ? 'user' : 'api'
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const kind = kindOf(request)
    const isForm = kind === 'token' || kind === 'revoke'
    const body = new URLSearchParams(isForm ? await request.clone().text() : '')
    sent.push({ request, url: new URL(request.url), body })
    return answers[kind](request)
  }
  const find = (kind: keyof typeof answers) => () => sent.filter(({ request }) => kindOf(request) === kind)
  const refreshes = () => find('token')().filter(({ body }) => body.get('grant_type') === 'refresh_token')
  return {
    answers,
    issue,
    fetch,
    sent,
    exchanges: find('token'),
    refreshes,
    revocations: find('revoke'),
    accounts: find('user'),
    calls: find('api'),
  }
}

/** What differs from the usual BFF; settings of a forge are changed one by one. */
export type Changes = Omit<Partial<BffOptions>, 'providers'> & {
  readonly providers?: { readonly [Name in ForgeName]?: Partial<BffProviderOptions> }
}

/** The options of the usual BFF. */
export function optionsOf({ providers = {}, ...changes }: Changes = {}): BffOptions {
  const client = (name: ForgeName) => ({
    client_id: `app-at-${name}`,
    client_secret: SECRET,
    ...PROVIDERS[name],
    ...providers[name],
  })
  return {
    publicOrigin: ORIGIN,
    cookieSecret: COOKIE_SECRET,
    providers: { gitlab: client('gitlab'), gitkraken: client('gitkraken'), gitea: client('gitea') },
    ...changes,
  }
}

/** A sign-in under way: where the person was sent to. */
export const stateOf = (response: Response): string =>
  new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''

/** The address that brings a person back with a code; an empty parameter is left out. */
export function back(name: ForgeName, state: string, parameters: Record<string, string> = {}): string {
  const parts = Object.entries({ code: 'canary-code-1', state, ...parameters })
  return `/auth/callback/${name}?${new URLSearchParams(parts.filter(([, value]) => value !== ''))}`
}

/** A BFF with scripted forges, a clock, and a browser in front of it. */
export function startBff(changes: Changes = {}) {
  const forges = createForges()
  const clock = { now: Date.UTC(2026, 9, 1) }
  const make = (more: Changes = {}) =>
    createBff({ ...optionsOf({ ...changes, ...more }), fetch: forges.fetch, now: () => clock.now })
  const bff = make()
  const { publicOrigin: origin = ORIGIN } = changes
  const open = (by = bff): Browser => createBrowser({ bff: by, clock, origin })
  const browser = open()
  /** Starts a sign-in and gives its state. */
  const start = async (name: ForgeName = 'gitlab', query: Record<string, string> = {}, by = browser) => {
    const response = await by.visit(`/auth/login/${name}?${new URLSearchParams(query)}`)
    expect(response.status).toBe(303)
    return stateOf(response)
  }
  const finish = (address: string, by = browser) => by.visit(address, 'cross-site navigation')
  const signIn = async (name: ForgeName = 'gitlab', by = browser) => {
    const { issuer = '', authorization_response_iss_parameter_supported: isTold } =
      changes.providers?.[name]?.provider ?? {}
    const response = await finish(back(name, await start(name, {}, by), { iss: isTold ? issuer : '' }), by)
    expect(response.headers.get('location')).toBe(`${origin}/`)
  }
  /** The cookie of a sign-in under way. */
  const findLogin = ({ jar } = browser) => {
    const found = [...jar.cookies.values()].filter(({ name }) => name.includes('.login.'))
    expect(found).toHaveLength(1)
    return found[0] as Cookie
  }
  return { ...forges, bff, make, clock, browser, open, start, finish, signIn, findLogin }
}

export type App = ReturnType<typeof startBff>

/** The name of the session cookie of a forge. */
export const sessionOf = (name: ForgeName): string => `__Host-forgepass.session.${name}`

/** The sealed value of a session cookie. */
export const sealOf = ({ jar }: Browser, name: ForgeName = 'gitlab'): string =>
  jar.cookies.get(sessionOf(name))?.value ?? ''

/** Where an answer leads, without the origin of the application. */
export const leadsTo = (response: Response): string =>
  (response.headers.get('location') ?? '').replace(ORIGIN, '')
