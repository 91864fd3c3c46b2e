import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, personalToken } from '../../src/index.ts'
import {
  forgejo,
  gitcode,
  gitea,
  github,
  gitkraken,
  gitlab,
  type Provider,
} from '../../src/provider/index.ts'
import { createLateStorage, createLock, failure, findPlace, json } from './app.ts'

const TOKEN = 'glpat-Planted_0123456789abcdef'
const own = { 'private-token': TOKEN }
const word = { authorization: `token ${TOKEN}` }
const bearer = { authorization: `Bearer ${TOKEN}` }
const person = { id: 7, username: 'ada', name: 'Ada' }

/** A client by personal token at a scripted forge, which answers `user` and nothing else. */
function startApp({
  provider = gitlab(findPlace()) as Provider,
  user = () => json(person),
}: {
  provider?: Provider
  user?: (request: Request) => Response | Promise<Response>
} = {}) {
  const records = new Map<string, unknown>()
  const sent: Request[] = []
  const forge = { user }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    sent.push(request)
    return forge.user(request)
  }
  const options = { storage: createLateStorage(records), fetch, lock: createLock() }
  const open = () => createClient({ provider, grant: personalToken(), ...options })
  return { client: open(), open, records, sent, forge }
}

describe('signing in with a personal access token', () => {
  it.each([
    ['GitLab', gitlab({ base: 'https://gl.example' }), 'https://gl.example/api/v4/user', own],
    [
      'GitLab, also where others go into the address,',
      gitlab({ base: 'https://gl.example', token_in: 'query' }),
      'https://gl.example/api/v4/user',
      own,
    ],
    ['Gitea', gitea({ base: 'https://gt.example/git/' }), 'https://gt.example/git/api/v1/user', word],
    ['Codeberg', forgejo(), 'https://codeberg.org/api/v1/user', word],
    ['GitCode', gitcode(), 'https://api.gitcode.com/api/v5/user', bearer],
    ['GitHub', github(), 'https://api.github.com/user', bearer],
    [
      'an old Gitea',
      gitea({ base: 'https://old.example', profile: 'documented' }),
      'https://old.example/api/v1/user',
      word,
    ],
    [
      'GitKraken',
      gitkraken(),
      'https://gloapi.gitkraken.com/v1/glo/user?fields=id,name,username,email',
      bearer,
    ],
  ])(
    'asks %s whose token it is, in its header, and needs no application there',
    async (...[, provider, url, form]) => {
      const { client, sent, open } = startApp({ provider })
      expect(await client.login({ token: TOKEN })).toMatchObject({
        account: { username: expect.any(String) },
      })
      expect(sent.map((request) => request.url)).toEqual([url])
      await client.fetch('x', { headers: { authorization: 'Basic mine' } })
      // As after a reload: another client finds the session in the storage.
      await open().fetch('x')
      for (const { headers, url: address, credentials } of sent.slice(0, 1)) {
        expect([address, credentials]).toEqual([url, 'omit'])
        expect(Object.fromEntries(headers)).toEqual({ accept: 'application/json', ...form })
      }
      expect(sent.slice(1).map(({ headers }) => Object.fromEntries(headers))).toEqual([form, form])
      // A browser would take no other header off where a redirect leads to another origin.
      for (const { redirect } of sent.slice(1)) expect(redirect).toBe(form === own ? 'error' : 'follow')
    },
  )

  it('stores nothing until the forge has answered, then a session that lasts', async () => {
    let seen = -1
    const { client, records, forge, sent } = startApp()
    forge.user = () => {
      seen = records.size
      return json(person)
    }
    const session = await client.login({ token: ` \n${TOKEN}\t` })
    expect(seen).toBe(0)
    expect(session.account).toMatchObject({ id: '7', username: 'ada' })
    expect(client.snapshot).toEqual(session)
    expect(await client.accessToken()).toBe(TOKEN)
    await client.fetch('projects')
    expect(sent.at(-1)?.headers.get('private-token')).toBe(TOKEN)
    // Known from the sign-in: nobody asks again.
    expect(await client.session()).toEqual(session)
    expect(sent).toHaveLength(2)
  })

  it.each([
    ['401', () => json({}, { status: 401 }), { code: 'token_refused', status: 401 }],
    ['403', () => json({}, { status: 403 }), { code: 'token_refused', status: 403 }],
    ['nobody', () => json({}), { code: 'token_refused' }],
    ['500', () => json({}, { status: 500 }), { code: 'bad_status', status: 500 }],
    [
      '429',
      () => json({}, { status: 429, headers: { 'retry-after': '30' } }),
      { code: 'bad_status', status: 429, retryAfter: 30 },
    ],
    [
      '429 with a date',
      () => json({}, { status: 429, headers: { 'retry-after': 'Fri, 01 Oct 2027 00:00:00 GMT' } }),
      { code: 'bad_status', retryAfter: undefined },
    ],
    ['no JSON', () => new Response('<p>hello'), { code: 'network_error' }],
    ['nothing', () => Promise.reject(new TypeError('Failed to fetch')), { code: 'network_error' }],
  ])('%s: stores nothing and leaves the session before as it was', async (_, user, expected) => {
    for (const before of [undefined, 'the-token-before']) {
      const { client, records, forge } = startApp()
      if (before) await client.login({ token: before })
      const [session, stored] = [await client.session(), structuredClone([...records])]
      forge.user = user
      const error = await failure(client.login({ token: TOKEN }))
      expect(error).toMatchObject(expected)
      expect([...records]).toEqual(stored)
      expect(await client.session()).toEqual(session)
      if (before) expect(await client.accessToken()).toBe(before)
      expect(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}${error.stack}`).not.toContain(TOKEN)
    }
  })

  it.each(['', ' ', 'new\nline', 'x\r\nset-cookie: a=b', 'nul\0', 'ünïcode', '\u202etoken'])(
    'refuses %j without a request, and does not repeat it',
    async (token) => {
      const { client, sent, records } = startApp()
      const error = await failure(client.login({ token }))
      expect(error.code).toBe('invalid_access_token')
      if (token.trim()) expect(inspect(error, { depth: 9 })).not.toContain(token.trim())
      expect(sent).toEqual([])
      expect(records.size).toBe(0)
    },
  )

  it('signs out here and leaves the token valid at the forge', async () => {
    const { client, sent, records } = startApp()
    await client.login({ token: TOKEN })
    expect(await client.logout()).toEqual({ revoked: false })
    expect(records.size).toBe(0)
    expect(client.snapshot).toBeNull()
    expect(sent).toHaveLength(1)
  })

  it('asks for a new token when the forge no longer takes it, and has no way to refresh', async () => {
    const { client, forge, sent } = startApp()
    await client.login({ token: TOKEN })
    forge.user = () => json({}, { status: 401 })
    expect(await failure(client.fetch('projects'))).toMatchObject({ code: 'login_required' })
    expect(sent.filter(({ method }) => method === 'POST')).toEqual([])
    expect(await client.session()).toBeNull()
  })

  it('is refused by a provider that takes none', () => {
    const options = {
      provider: { ...gitlab(findPlace()), grants: { code: 'public' } },
      grant: personalToken(),
    }
    const make = () => createClient(options as unknown as ClientOptions)
    expect(make).toThrow(expect.objectContaining({ code: 'unsupported_by_provider' }))
  })

  it('has a session of its own beside that of the code', async () => {
    const provider = gitlab(findPlace())
    const records = new Map<string, unknown>()
    const common = {
      provider,
      storage: createLateStorage(records),
      lock: createLock(),
      fetch: async () => json(person),
    }
    const byToken = createClient({ ...common, grant: personalToken() })
    const byCode = createClient({
      ...common,
      client_id: 'spa',
      redirect_uri: 'https://app.example/callback/own',
    })
    await byToken.login({ token: TOKEN })
    expect(await byCode.session()).toBeNull()
  })
})
