import { fileURLToPath } from 'node:url'
import type { PlaywrightTestArgs } from '@playwright/test'
import type { ForgeClient, ForgeUser } from '../../../src/emulator/index.ts'
import type { GitLabProfile } from '../../../src/provider/gitlab.ts'
import { type Built, buildPage } from '../../e2e/oidc-provider/build.ts'
import { hosted } from '../../e2e/oidc-provider/hosted.ts'
import { type Doorkeeper, startDoorkeeper } from '../doorkeeper.ts'
import { type Backend, type BackendOptions, createBackend, credentials } from './backend.ts'
import type { Settings } from './page/main.ts'
import { ada, grace } from './person.ts'
import { listen, type Wire } from './wire.ts'

export { expect } from '@playwright/test'

/** Seconds that an access token lives. */
export const LIFETIME = 7200

/** GitLab's engine, on another site than the page. */
export interface Engine extends Doorkeeper {
  /** Uses an access token from outside any browser; gives the API's status. */
  read(access_token: string): Promise<number>
  /** Uses a refresh token from outside any browser, with the credentials of its client. */
  refresh(refresh_token: string, credentials: Record<string, string>): Promise<{ error?: string }>
}

interface Fixtures {
  /** Which GitLab. */
  readonly profile: GitLabProfile
  /** As just started: nobody has granted anything yet. */
  readonly doorkeeper: Engine
  /** Sets the page up to be a client itself. */
  readonly usePage: (settings?: Partial<Settings>) => void
  /** Sets the page's server up to be the client, and the page to use it. */
  readonly useBackend: (settings?: Partial<Settings>, options?: BackendOptions) => Backend
  /** What goes over the wire between the browser and the servers. */
  readonly wire: Wire
}

/** What a test of a cell may use. */
export type Arguments = Pick<PlaywrightTestArgs, 'page' | 'context'> & Fixtures & { readonly origin: string }

interface Shared {
  readonly built: Built
  /** Gives the one server of its kind, which starts when it is wanted first. */
  readonly engineOf: (profile: GitLabProfile) => Promise<Doorkeeper>
}

const users: readonly ForgeUser[] = [ada, grace]

/** The applications: the page's own, its server's, and somebody else's. */
const applications = (origin: string): ForgeClient[] => {
  const redirect_uris = [`${origin}/callback`, `${origin}/auth/callback/gitlab`]
  return [
    { client_id: 'spa', name: 'Reading list', redirect_uris },
    { ...credentials, name: 'Reading list', redirect_uris },
    { client_id: 'other', name: 'Another', redirect_uris: ['https://else.example/callback'] },
  ]
}

/** Does from outside any browser what applications do. */
const withHands = (server: Doorkeeper): Engine => ({
  ...server,
  async read(access_token) {
    const headers = { authorization: `Bearer ${access_token}` }
    return (await fetch(`${server.address}/api/v4/user`, { headers })).status
  },
  async refresh(refresh_token, credentials) {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, ...credentials })
    return (await fetch(`${server.address}/oauth/token`, { method: 'POST', body })).json()
  },
})

/** A built page on `localhost`, and a Doorkeeper on `127.0.0.1` that the tests of a worker use one after another. */
export const test = hosted.extend<Fixtures, Shared>({
  hostname: 'localhost',
  profile: ['current', { option: true }],
  built: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
    async ({}, use) => use(await buildPage(fileURLToPath(new URL('./page', import.meta.url)))),
    { scope: 'worker' },
  ],
  engineOf: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
    async ({}, use) => {
      const started = new Map<GitLabProfile, Promise<Doorkeeper>>()
      await use((profile) => {
        const engine = started.get(profile) ?? startDoorkeeper({ users, clients: [], profile })
        started.set(profile, engine)
        return engine
      })
      await Promise.all([...started.values()].map(async (engine) => (await engine).stop()))
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  doorkeeper: [
    async ({ engineOf, profile, origin }, use) => {
      const engine = await engineOf(profile)
      await engine.register(applications(origin))
      await use(withHands(engine))
    },
    // The first test of a worker waits for the server to start, which is no part of its own time.
    { timeout: 60_000 },
  ],
  wire: [async ({ context }, use) => use(listen(context)), { auto: true }],
  usePage: async ({ host, profile, doorkeeper }, use) => {
    const { address: base } = doorkeeper
    await use((changes = {}) =>
      host.configure({
        settings: { ...usual, kind: 'code', profile, base, ...changes },
        connect: base,
      }),
    )
  },
  useBackend: async ({ host, origin, profile, doorkeeper }, use) => {
    const { address } = doorkeeper
    await use((changes = {}, options = {}) => {
      const { listener, backend } = createBackend({ origin, base: address, profile }, options)
      const api_base = `${address}/api/v4/`
      const settings: Settings = { ...usual, kind: 'BFF', profile, base: '/auth', api_base, ...changes }
      host.mount(listener)
      host.configure({ settings, connect: options.tokens === 'browser' ? `'self' ${address}` : "'self'" })
      return backend
    })
  },
})

/** How a page is set up unless a test says otherwise. */
const usual = {
  provider: 'gitlab',
  scope: 'read_user',
  flow: 'redirect',
  storage: 'memory',
  resource: 'user',
} as const
