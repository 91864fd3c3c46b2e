import { expect } from 'vitest'
import { type BffOptions, type BffProviderOptions, createBff } from '../../src/bff/index.ts'
import { createForge, type Forge } from '../../src/emulator/index.ts'
import { forgejo, gitcode, gitea, github, gitkraken, gitlab, gitshare } from '../../src/provider/index.ts'
import { COOKIE_SECRET, leadsTo, ORIGIN, SECRET, type Sent } from './app.ts'
import { createBrowser } from './browser.ts'

/** What every forge is made with: the BFF's application, the clock, and tokens that last an hour. */
export interface Registered {
  readonly clients: [
    { readonly client_id: string; client_secret: string; name: string; redirect_uris: [string] },
  ]
  readonly now: () => number
  readonly expires_in: number
}

/** A forge as it is emulated, and how the BFF is set up for it. */
export interface Case {
  readonly make: (registered: Registered) => Forge
  readonly settings: Pick<BffProviderOptions, 'provider' | 'scope'>
  /** A path of its API that needs the token. */
  readonly api: string
  /** Scopes that the session shows. */
  readonly granted?: string
  readonly refreshes: boolean
  /** Where it revokes tokens, if it does. */
  readonly revocation?: string
  /** Which requests name it. */
  readonly redirect_uri: 'both' | 'authorization' | 'none'
  readonly pkce: boolean
  readonly denial: 'authorization_error' | 'user_cancelled'
}

const usual = {
  api: 'user/repos',
  refreshes: true,
  redirect_uri: 'both',
  pkce: true,
  denial: 'authorization_error',
} as const

const tea = 'https://gitea.example'

/** The seven forges as they are set up for their real hosts, in each profile that takes a secret. */
export const CASES: Readonly<Record<string, Case>> = {
  'GitLab of today': {
    ...usual,
    make: (registered) => createForge('gitlab', registered),
    settings: { provider: gitlab(), scope: 'read_user read_api' },
    granted: 'read_user read_api',
    api: 'projects?membership=true',
    revocation: 'https://gitlab.com/oauth/revoke',
  },
  'the documented GitLab': {
    ...usual,
    make: (registered) => createForge('gitlab', { ...registered, profile: 'documented' }),
    settings: { provider: gitlab({ profile: 'documented' }), scope: 'api' },
    granted: 'api',
    api: 'projects?membership=true',
    revocation: 'https://gitlab.com/oauth/revoke',
    pkce: false,
  },
  'Gitea of today': {
    ...usual,
    make: (registered) => createForge('gitea', registered),
    settings: { provider: gitea({ base: tea }), scope: 'read:user read:repository' },
    granted: 'read:user read:repository',
  },
  'the documented Gitea': {
    ...usual,
    make: (registered) => createForge('gitea', { ...registered, profile: 'documented' }),
    settings: { provider: gitea({ base: tea, profile: 'documented' }) },
    denial: 'user_cancelled',
  },
  Codeberg: {
    ...usual,
    make: (registered) => createForge('forgejo', registered),
    settings: { provider: forgejo() },
    granted: 'read:user',
  },
  GitCode: {
    ...usual,
    make: (registered) => createForge('gitcode', registered),
    settings: { provider: gitcode(), scope: 'all_user all_repository' },
    granted: 'all_user all_repository',
    redirect_uri: 'authorization',
    pkce: false,
  },
  GitKraken: {
    ...usual,
    make: ({ expires_in: _, ...registered }) => createForge('gitkraken', registered),
    settings: { provider: gitkraken(), scope: 'board:read user:read' },
    granted: 'board:read user:read',
    api: 'boards',
    refreshes: false,
    redirect_uri: 'none',
    pkce: false,
  },
  'GitShare of today': {
    ...usual,
    make: (registered) => createForge('gitshare', registered),
    settings: { provider: gitshare(), scope: 'read write' },
    granted: 'read write',
    api: 'path/info/',
    pkce: false,
  },
  'the documented GitShare': {
    ...usual,
    make: (registered) => createForge('gitshare', { ...registered, profile: 'documented' }),
    settings: { provider: gitshare(), scope: 'read write' },
    granted: 'read write',
    api: 'path/info/',
    pkce: false,
  },
  'a GitHub App': {
    ...usual,
    make: (registered) => createForge('github', { ...registered, expiring_tokens: true }),
    settings: { provider: github(), scope: 'read:user repo' },
    granted: 'read:user repo',
  },
  'an OAuth app at GitHub': {
    ...usual,
    make: ({ expires_in: _, ...registered }) => createForge('github', registered),
    settings: { provider: github(), scope: 'read:user repo' },
    granted: 'read:user repo',
    refreshes: false,
  },
}

/** What differs from the usual BFF in front of a forge. */
export type Changes = Partial<Pick<BffProviderOptions, 'client_secret'> & Pick<BffOptions, 'tokens'>>

/** A BFF in front of one emulated forge, a browser in front of the BFF, and the person. */
export function startForge({ make, settings, api }: Case, changes: Changes = {}) {
  const clock = { now: Date.UTC(2026, 9, 1) }
  const redirect_uri = `${ORIGIN}/auth/callback/forge`
  const client = { client_id: 'bff', client_secret: SECRET, name: 'App', redirect_uris: [redirect_uri] }
  const registered = { clients: [client] as Registered['clients'], now: () => clock.now, expires_in: 3600 }
  const forge = make(registered)
  const sent: Sent[] = []
  const answers: { status: number; body: string }[] = []
  // All hosts of a forge are one emulated forge.
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const body = new URLSearchParams(await request.clone().text())
    const response = await forge.fetch(request.clone() as Request)
    sent.push({ request, url: new URL(request.url), body })
    answers.push({ status: response.status, body: await response.clone().text() })
    return response
  }
  const { client_secret = SECRET, ...more } = changes
  const options = { ...settings, client_id: client.client_id, client_secret }
  const bff = createBff({
    publicOrigin: ORIGIN,
    cookieSecret: COOKIE_SECRET,
    providers: { forge: options },
    fetch,
    now: () => clock.now,
    ...more,
  })
  const browser = createBrowser({ bff, clock })
  /** Goes to the forge and says where the person is sent. */
  const leave = async () => {
    const response = await browser.visit('/auth/login/forge')
    expect(response.status).toBe(303)
    return new URL(response.headers.get('location') ?? '')
  }
  const comeBack = async ({ pathname, search }: URL) =>
    leadsTo(await browser.visit(pathname + search, 'cross-site navigation'))
  const signIn = async (decision: 'authorize' | 'deny' = 'authorize') =>
    comeBack(await forge.visit(await leave(), { decision }))
  const session = async () => (await (await browser.send('/auth/session')).json()).forge
  const call = () => browser.send(`/auth/api/forge/${api}`)
  const logout = async () => (await browser.send('/auth/logout', { method: 'POST' })).json()
  const tokenRequests = () => sent.filter(({ url }) => url.href.startsWith(settings.provider.token_endpoint))
  return {
    forge,
    clock,
    browser,
    redirect_uri,
    leave,
    comeBack,
    signIn,
    session,
    call,
    logout,
    sent,
    answers,
    tokenRequests,
  }
}
