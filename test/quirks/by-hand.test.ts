// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { describe, expect, it } from 'vitest'
import { createForge, type Forge } from '../../src/emulator/index.ts'
import { type ClientOptions, createBffClient, createClient, paste, personalToken } from '../../src/index.ts'
import {
  forgejo,
  gitcode,
  gitea,
  github,
  gitkraken,
  gitlab,
  type Provider,
} from '../../src/provider/index.ts'
import { ORIGIN } from '../bff/app.ts'
import { failure } from '../client/app.ts'
import { type Backend, startAt } from './backend.ts'
import { fetchAsPage } from './cross-origin.ts'
import { arrive } from './page.ts'

/** A page of the application with a client of its BFF, and a person who copies what GitShare shows. */
function openPaste(app: Backend, copy: (code: string) => string = (code) => code) {
  arrive(`${ORIGIN}/here`)
  const asked: URL[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { url, method, headers, body } = new Request(input, init)
    const text = body ? await new Response(body).text() : null
    return app.browser.send(url.slice(ORIGIN.length), { method, headers, body: text })
  }
  let shown = ''
  let asks = 0
  const ask = async ({ url }: { url: URL }) => {
    asks += 1
    if (!shown) {
      const response = await app.browser.visit(url.pathname + url.search)
      asked.push(new URL(response.headers.get('location') ?? ''))
      const [address = url] = asked
      shown = (await app.forge.visit(address)).searchParams.get('code') ?? ''
    }
    return copy(shown)
  }
  const client = createBffClient({
    base: '/auth',
    provider: 'forge',
    flow: paste({ ask, fetch: (input, init) => fetch(new URL(`${input}`, ORIGIN), init) }),
    fetch,
  })
  return { client, asked, asks: () => asks }
}

describe('a code that is copied by hand', () => {
  it.each(['GitShare of today', 'the documented GitShare'])(
    'Q26: what %s shows on its page signs people in, with no redirect_uri at either step',
    async (name) => {
      const app = startAt(name)
      const { client, asked } = openPaste(app)
      expect(await client.login()).toMatchObject({ account: { username: 'ada' }, scope: 'read write' })
      expect(asked).toHaveLength(1)
      expect(asked[0]?.searchParams.has('redirect_uri')).toBe(false)
      expect(app.tokenRequests().map(({ body }) => body.has('redirect_uri'))).toEqual([false])
      expect((await app.call()).status).toBe(200)
    },
  )

  it('Q26: what is copied wrongly is asked for again, and signs nobody in', async () => {
    const app = startAt('GitShare of today')
    const slips = ['made-up', `${ORIGIN}/auth/callback/other?code=C&state=S`]
    const { client, asks } = openPaste(app, (code) => slips.pop() ?? code)
    expect(await client.login()).toMatchObject({ account: { username: 'ada' } })
    expect(asks()).toBe(3)
    const other = openPaste(app, () => 'made-up')
    expect(await failure(other.client.login())).toMatchObject({ code: 'token_endpoint_error' })
    expect(other.asks()).toBe(3)
  })

  it('Q26: a forge that sends people back is not asked to show a code', async () => {
    const app = startAt('GitLab of today')
    const answer = await app.browser.visit('/auth/login/forge?manual=1')
    expect([answer.status, answer.headers.get('forgepass-error')]).toEqual([400, 'unsupported_by_provider'])
  })
})

interface Personal {
  readonly forge: Forge
  readonly provider: (base: string) => Provider
  /** The one header that its API takes a personal token in, as documented. */
  readonly form: readonly [header: string, text: string]
  readonly api: string
}

const TOKEN = 'ada-personal-token'
const bearer = ['authorization', `Bearer ${TOKEN}`] as const

const PERSONAL: [string, Personal][] = [
  [
    'GitLab',
    {
      forge: createForge('gitlab'),
      provider: (base) => gitlab({ base }),
      form: ['private-token', TOKEN],
      api: 'projects',
    },
  ],
  [
    'Gitea',
    {
      forge: createForge('gitea', { cors: true }),
      provider: (base) => gitea({ base }),
      form: ['authorization', `token ${TOKEN}`],
      api: 'user/repos',
    },
  ],
  [
    'Forgejo',
    {
      forge: createForge('forgejo', { cors: true }),
      provider: (base) => forgejo({ base }),
      form: ['authorization', `token ${TOKEN}`],
      api: 'user/repos',
    },
  ],
  [
    'GitHub',
    {
      forge: createForge('github'),
      provider: (base) => github({ base }),
      form: bearer,
      api: 'user/repos',
    },
  ],
  [
    'GitCode',
    {
      forge: createForge('gitcode'),
      provider: (base) => gitcode({ base }),
      form: bearer,
      api: 'user/repos',
    },
  ],
  [
    'GitKraken',
    {
      forge: createForge('gitkraken'),
      provider: (base) => gitkraken({ base }),
      form: bearer,
      api: 'boards',
    },
  ],
]

describe('a personal access token', () => {
  it.each(PERSONAL)(
    'Q35: goes to the API of %s in the form that it documents, and in no other',
    async (name, one) => {
      const { forge, form, api } = one
      const base = `https://${name.toLowerCase()}.example`
      const asked: Request[] = []
      const serve: Forge['fetch'] = async (request) => {
        if (request.method !== 'OPTIONS') asked.push(request)
        return forge.fetch(request)
      }
      const client = createClient({
        ...{ provider: one.provider(base), grant: personalToken(), fetch: fetchAsPage(serve) },
      } as unknown as ClientOptions)
      const login = client.login as unknown as (login: { token: string }) => Promise<unknown>
      expect(await failure(login({ token: 'made-up' }))).toMatchObject({ code: 'token_refused' })
      asked.length = 0
      expect(await login({ token: ` ${TOKEN}\n` })).toMatchObject({ account: { username: 'ada' } })
      expect((await client.fetch(api)).status).toBe(200)
      expect(asked).toHaveLength(2)
      for (const { url, headers } of asked) {
        const found = [...headers].filter(([header]) => /^(authorization|private-token)$/.test(header))
        expect(found).toEqual([form])
        expect(url).not.toContain(TOKEN)
      }
    },
  )
})
