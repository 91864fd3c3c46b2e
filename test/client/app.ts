import { expect, vi } from 'vitest'
import {
  type Client,
  type ClientOptions,
  createClient,
  type Flow,
  type Lock,
  OAuthError,
  type OAuthErrorCode,
  type Storage,
} from '../../src/index.ts'
import { gitlab, type Provider } from '../../src/provider/index.ts'

/** Answers a request as a server would. */
export type Answer = (request: Request) => Response | Promise<Response>

/** A request as it went out. */
export interface Sent {
  readonly request: Request
  readonly url: string
  readonly body: URLSearchParams
}

export const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' }, ...init })

/** Waits until an expectation holds. */
export const until = (expectation: () => void): Promise<void> =>
  vi.waitFor(expectation, { interval: 1, timeout: 4000 })

/** Lets one task at a time run under a name, as Web Locks do. */
export function createLock(): Lock {
  const turns = new Map<string, Promise<unknown>>()
  return (name, task) => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(() => task())
    turns.set(
      name,
      turn.catch(() => {}),
    )
    return turn
  }
}

/** Keeps copies and answers later, as IndexedDB and the storage of an extension do. */
export function createLateStorage(records = new Map<string, unknown>()): Storage {
  return {
    get: async (key) => structuredClone(records.get(key)),
    set: async (key, value) => void records.set(key, structuredClone(value)),
    delete: async (key) => void records.delete(key),
    keys: async () => [...records.keys()],
  }
}

/** Where a forge and the callback page of its app are; never twice the same, as one page may not mix them. */
export interface Place {
  readonly base: string
  readonly redirect_uri: string
}

let places = 0
export function findPlace(): Place {
  places += 1
  return { base: `https://forge-${places}.example`, redirect_uri: `https://app.example/callback/${places}` }
}

/** What differs from the usual app: options of the client, or its provider. */
export type Changes = Omit<Partial<ClientOptions>, 'provider'> & {
  readonly place?: Place
  readonly provider?: (place: Place) => Provider
}

/** A GitLab that sends `iss` and says so. */
export const withIssuer = ({ base }: Place): Provider => ({
  ...gitlab({ base }),
  authorization_response_iss_parameter_supported: true,
})

/** The scripted forge: what it answers, and what it was asked. */
function createServer() {
  let count = 0
  const sent: Sent[] = []
  const issue: Answer = () => {
    count += 1
    const tokens = { access_token: `AT-${count}`, refresh_token: `RT-${count}` }
    return json({ ...tokens, token_type: 'Bearer', expires_in: 7200, scope: 'read_user' })
  }
  const answers: Record<'token' | 'revoke' | 'user' | 'probe' | 'rest', Answer> = {
    token: issue,
    revoke: () => json({}),
    user: () => json({ id: 7, username: 'ada', name: 'Ada', web_url: 'https://forge.example/ada' }),
    probe: () => new Response(null, { status: 404 }),
    rest: () => json([]),
  }
  const route = ({ url, method }: Request): Answer => {
    const { pathname } = new URL(url)
    if (method === 'POST' && pathname.endsWith('/oauth/token')) return answers.token
    if (pathname.endsWith('/oauth/revoke')) return answers.revoke
    if (pathname.endsWith('/oauth/token')) return answers.probe
    return pathname.endsWith('/user') ? answers.user : answers.rest
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const entry = { request, url: request.url, body: new URLSearchParams(await request.clone().text()) }
    sent.push(entry)
    return route(request)(request)
  }
  const find = (path: string, method: string) => () =>
    sent.filter(({ url, request }) => new URL(url).pathname.endsWith(path) && request.method === method)
  return {
    answers,
    issue,
    fetch,
    sent,
    exchanges: find('/oauth/token', 'POST'),
    revocations: find('/oauth/revoke', 'POST'),
  }
}

/** An app with one client at a scripted forge; every effect of it can be seen. */
export function startApp({ place = findPlace(), provider, ...changes }: Changes = {}) {
  const server = createServer()
  const clock = { now: Date.UTC(2026, 9, 1) }
  const storage = new Map<string, unknown>()
  const transactions = new Map<string, unknown>()
  const shown: string[] = []
  let leave: (url: URL) => void = () => {}
  /** Leaves the page, as a redirect does. */
  const flow: Flow = async (url) => {
    leave(await url)
    return new Promise(() => {})
  }
  const options: ClientOptions = {
    provider: provider?.(place) ?? gitlab({ base: place.base }),
    client_id: 'spa',
    redirect_uri: place.redirect_uri,
    scope: 'read_user',
    storage,
    transactions,
    flow,
    fetch: server.fetch,
    lock: createLock(),
    now: () => clock.now,
    navigate: (return_to) => shown.push(return_to),
    ...changes,
  }
  const open = (more: Partial<ClientOptions> = {}): Client => createClient({ ...options, ...more })
  const client = open()
  /** Starts a sign-in and gives the authorization request the person leaves with. */
  const start = async (login: Parameters<Client['login']>[0] = {}, by = client) => {
    const gone = new Promise<URL>((resolve) => {
      leave = resolve
    })
    const { searchParams } = (await Promise.race([gone, by.login(login)])) as URL
    return searchParams
  }
  /** The address that brings the person back with a code; an empty parameter is left out. */
  const back = (request: URLSearchParams, parameters: Record<string, string> = {}) => {
    const iss = options.provider.authorization_response_iss_parameter_supported ? place.base : ''
    const usual = { code: 'CODE', state: request.get('state') ?? '', iss }
    const parts = Object.entries({ ...usual, ...parameters }).filter(([, value]) => value !== '')
    return `${place.redirect_uri}?${new URLSearchParams(parts)}`
  }
  const signIn = async (login: Parameters<Client['login']>[0] = {}) => {
    const done = await client.callback(back(await start(login)))
    await until(() => expect(client.snapshot?.account?.username).toBe('ada'))
    return done
  }
  return {
    ...place,
    ...server,
    client,
    open,
    clock,
    storage,
    transactions,
    shown,
    start,
    back,
    signIn,
    options,
  }
}

export type App = ReturnType<typeof startApp>

/** The same, signed in, with what was asked so far forgotten. */
export async function startSignedIn(changes: Changes = {}) {
  const app = startApp(changes)
  await app.signIn()
  app.sent.length = 0
  const tokens = () => app.sent.map(({ request }) => request.headers.get('authorization'))
  return { ...app, tokens }
}

/** Waits for a failure and gives it; fails if there is none, or one that is not an {@link OAuthError}. */
export async function failure(work: Promise<unknown>): Promise<OAuthError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(OAuthError)
  return error as OAuthError
}

/** A callback that has to fail, and how. */
export interface Refusal {
  /** The query or hash that the person comes back with; by default a good one. */
  readonly callback?: (state: string, app: App) => string
  /** What the token endpoint answers; without it the endpoint must not be asked. */
  readonly token?: Answer
  readonly app?: Changes
  readonly code: OAuthErrorCode
  readonly details?: Partial<OAuthError>
  readonly transaction: 'burnt' | 'kept'
}

/** Brings a person back, who was signed in before or not, and looks that it fails and changes nothing. */
async function refuse({ callback, token, code, details = {}, ...rest }: Refusal, signedIn: boolean) {
  const app = startApp(rest.app)
  const { client, storage, answers, issue, exchanges, redirect_uri } = app
  if (signedIn) await app.signIn()
  const [session, stored, asked] = [await client.session(), structuredClone([...storage]), exchanges().length]
  const request = await app.start()
  const address = callback?.(request.get('state') ?? '', app)
  if (token) answers.token = token
  const error = await failure(client.callback(address ? redirect_uri + address : app.back(request)))
  expect(error).toMatchObject({ code, ...details })
  expect(exchanges()).toHaveLength(asked + (token ? 1 : 0))
  expect([...storage]).toEqual(stored)
  expect(await client.session()).toEqual(session)
  answers.token = issue
  const again = client.callback(app.back(request))
  if (rest.transaction === 'kept') {
    expect(await again).toMatchObject({ session: { scope: 'read_user' } })
    expect(exchanges()).toHaveLength(asked + 1)
  } else {
    if (session) expect(await again).toMatchObject({ session })
    else expect(await failure(again)).toMatchObject({ code: 'state_replayed' })
    expect(exchanges()).toHaveLength(asked + (token ? 1 : 0))
  }
  return error
}

/** Expects a callback to fail, whether the person was signed in before or not; gives the error. */
export async function expectRefusal(refusal: Refusal): Promise<OAuthError> {
  await refuse(refusal, true)
  return refuse(refusal, false)
}
