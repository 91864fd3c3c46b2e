import { createForge, type Forge, type ForgeFault } from '../../src/emulator/index.ts'
import { challenge, verifier } from './app.ts'

export const redirect_uri = 'https://app.test/callback'
export const basePath = '/deep/forge'
const base = `https://forge.test${basePath}`
const secret = 'kept-secret'
const client = {
  client_id: 'app',
  client_secret: secret,
  name: 'App',
  redirect_uris: [redirect_uri] as const,
}

/** What any forge is made with here. */
export interface Setup {
  readonly fault?: ForgeFault | readonly ForgeFault[]
  readonly now?: () => number
}

/** In what the forges differ for an application. */
interface Ways {
  readonly label: string
  readonly authorize: string
  readonly token: string
  readonly user: string
  readonly scope?: string
  /** Where the parameters of a token request stand. Default: all in the body. */
  readonly secretAlone?: true
  readonly create: (setup: Setup) => Forge
}

const setting = (setup: Setup) => ({ clients: [client], basePath, ...setup })

const ways: readonly Ways[] = [
  {
    ...{ label: 'GitLab', authorize: '/oauth/authorize', token: '/oauth/token', user: '/api/v4/user' },
    create: (setup) => createForge('gitlab', setting(setup)),
  },
  {
    ...{ label: 'documented GitLab', authorize: '/oauth/authorize', token: '/oauth/token' },
    user: '/api/v4/user',
    create: (setup) => createForge('gitlab', { ...setting(setup), profile: 'documented', cors: true }),
  },
  {
    ...{ label: 'Gitea', authorize: '/login/oauth/authorize', token: '/login/oauth/access_token' },
    user: '/api/v1/user',
    create: (setup) => createForge('gitea', { ...setting(setup), cors: true }),
  },
  {
    ...{ label: 'documented Gitea', authorize: '/login/oauth/authorize', token: '/login/oauth/access_token' },
    user: '/api/v1/user',
    create: (setup) => createForge('gitea', { ...setting(setup), profile: 'documented' }),
  },
  {
    ...{ label: 'GitCode', authorize: '/oauth/authorize', token: '/oauth/token', user: '/api/v5/user' },
    secretAlone: true,
    create: (setup) => createForge('gitcode', setting(setup)),
  },
  {
    ...{ label: 'GitKraken Boards', authorize: '/oauth/authorize', token: '/oauth/access_token' },
    ...{ user: '/v1/glo/user', scope: 'user:read' },
    create: (setup) => createForge('gitkraken', { ...setting(setup), clients: [{ ...client }] }),
  },
  {
    ...{ label: 'GitShare', authorize: '/oauth2/authorize/', token: '/oauth2/token/' },
    user: '/api/2/whoami/',
    create: (setup) => createForge('gitshare', { ...setting(setup), cors: true }),
  },
  {
    ...{ label: 'GitHub', authorize: '/login/oauth/authorize', token: '/login/oauth/access_token' },
    user: '/user',
    create: (setup) => createForge('github', { ...setting(setup), expiring_tokens: true }),
  },
  {
    ...{ label: 'Forgejo', authorize: '/login/oauth/authorize', token: '/login/oauth/access_token' },
    user: '/api/v1/user',
    create: (setup) => createForge('forgejo', { ...setting(setup), cors: true }),
  },
]

/** What an application does with one forge, whichever it is. */
export type App = ReturnType<typeof startApp>

function startApp({ create, authorize, token, user, scope, secretAlone }: Ways, setup: Setup) {
  const forge = create(setup)
  const send = (path: string, init: RequestInit = {}) => forge.fetch(new Request(base + path, init))
  const authorizeUrl = (changes: Record<string, string> = {}) => {
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
    const usual = { client_id: 'app', redirect_uri, response_type: 'code', state: 'S', ...pkce }
    return `${base}${authorize}?${new URLSearchParams({ ...usual, ...(scope && { scope }), ...changes })}`
  }
  const post = (params: Record<string, string>, init: RequestInit = {}) => {
    const all = new URLSearchParams({ client_id: 'app', ...params })
    const form = new URLSearchParams({ client_secret: secret })
    const headers = { accept: 'application/json', origin: 'https://app.test' }
    if (secretAlone) return send(`${token}?${all}`, { method: 'POST', headers, body: form, ...init })
    for (const [name, value] of all) form.set(name, value)
    return send(token, { method: 'POST', headers, body: form, ...init })
  }
  const exchange = (code: string, init: RequestInit = {}) =>
    post({ grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }, init)
  const winCode = async () => (await forge.visit(authorizeUrl())).searchParams.get('code') ?? ''
  const winToken = async (): Promise<Record<string, string>> => (await exchange(await winCode())).json()
  const refresh = (refresh_token: string) => post({ grant_type: 'refresh_token', refresh_token })
  const readUser = (access_token: string) =>
    send(user, { headers: { authorization: `Bearer ${access_token}`, origin: 'https://app.test' } })
  const preflight = () =>
    send(user, {
      method: 'OPTIONS',
      headers: {
        ...{ origin: 'https://app.test', 'access-control-request-method': 'GET' },
        'access-control-request-headers': 'authorization',
      },
    })
  return { forge, send, authorizeUrl, exchange, winCode, winToken, refresh, readUser, preflight, token }
}

/** Every forge in every profile, to be started by a test of its own. */
export const everyForge: [label: string, start: (setup?: Setup) => App][] = ways.map((way) => [
  way.label,
  (setup = {}) => startApp(way, setup),
])

/** Picks one of them. */
export const start = (label: string, setup: Setup = {}): App => {
  const [, begin] = everyForge.find(([known]) => known === label) ?? []
  if (!begin) throw new Error(`There is no forge ${label}.`)
  return begin(setup)
}

/** Reads the error of a refused token request, wherever the forge says so; `undefined` if it was not refused. */
export async function errorOf(response: Response): Promise<string | undefined> {
  const body: unknown = await response.json()
  return body && typeof body === 'object' && 'error' in body ? `${body.error}` : undefined
}
