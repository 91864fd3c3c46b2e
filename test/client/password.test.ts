import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { type ClientOptions, createClient, type PasswordOptions, password } from '../../src/index.ts'
import { type Deviations, gitlab, type Provider } from '../../src/provider/index.ts'
import { type Answer, createLateStorage, createLock, failure, findPlace, json } from './app.ts'

const SECRET = 'Planted password & more=1'
const users = [
  { username: 'ada', password: SECRET, name: 'Ada', email: 'ada@forge.example' },
  { username: 'jonas', password: SECRET, name: 'Jonas', email: 'j@forge.example', two_factor: true },
] as const
const ada = { username: 'ada', password: SECRET }

/** A client by password at a GitLab of old, or at one that answers as it is told to. */
function startApp({
  client_id,
  answer,
  deviations,
  ...options
}: PasswordOptions & { client_id?: string; answer?: Answer; deviations?: Deviations } = {}) {
  const { base } = findPlace()
  const clock = { now: Date.UTC(2026, 9, 1) }
  const clients = [{ client_id: 'spa', name: 'App', redirect_uris: [] }]
  const forge = createForge('gitlab', {
    ...{ profile: 'documented', cors: true, users, clients },
    now: () => clock.now,
  })
  const records = new Map<string, unknown>()
  const sent: { url: string; type: string | null; body: string }[] = []
  const client = createClient({
    provider: { ...gitlab({ base, profile: 'documented' }), ...deviations },
    grant: password(options),
    storage: createLateStorage(records),
    lock: createLock(),
    now: () => clock.now,
    ...(client_id && { client_id }),
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { url, headers } = request
      sent.push({ url, type: headers.get('content-type'), body: await request.clone().text() })
      return answer && url.endsWith('/oauth/token') ? answer(request) : forge.fetch(request)
    },
  })
  return { base, client, clock, forge, records, sent }
}

describe('signing in with a password', () => {
  it.each<[PasswordOptions['body'], string | undefined]>([
    [undefined, undefined],
    ['form', 'spa'],
    ['json', undefined],
    ['json', 'spa'],
  ])('works with the body %s and the client_id %s', async (body, client_id) => {
    const app = startApp({ ...(body && { body }), ...(client_id && { client_id }) })
    const { client, sent, clock, base } = app
    const session = await client.login({ ...ada, scope: 'read_user' })
    expect(session.expires_at).toBe(clock.now + 7_200_000)
    const [asked] = sent
    expect(asked?.url).toBe(`${base}/oauth/token`)
    const isJson = body === 'json'
    expect(asked?.type).toMatch(isJson ? /^application\/json$/ : /^application\/x-www-form-urlencoded/)
    const text = asked?.body ?? ''
    const fields = isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))
    expect(fields).toEqual({
      ...{ grant_type: 'password', ...ada, scope: 'read_user' },
      ...(client_id && { client_id }),
    })
    expect((await client.fetch('user')).status).toBe(200)
    for (const { url } of sent) expect(url).not.toContain('Planted')
  })

  it('keeps the password out of the address, also where a server takes everything there', async () => {
    const { client, sent } = startApp({ deviations: { token_request: 'query' } })
    await client.login(ada)
    expect(new URL(sent[0]?.url ?? '').search).toBe('')
    expect(new URLSearchParams(sent[0]?.body).get('password')).toBe(SECRET)
  })

  it('tells the account afterwards, and has no way to new tokens but the password', async () => {
    const { client, clock, records, sent } = startApp()
    await client.login(ada)
    await expect.poll(() => client.snapshot?.account).toMatchObject({ username: 'ada' })
    expect(inspect([...records], { depth: 9 })).toMatch(/access_token/)
    expect(inspect([...records], { depth: 9 })).not.toContain('Planted')
    clock.now += 7_200_000
    expect(await failure(client.accessToken())).toMatchObject({ code: 'login_required' })
    expect(sent.filter(({ url }) => url.endsWith('/oauth/token'))).toHaveLength(1)
    expect(await client.login(ada)).toMatchObject({ expires_at: clock.now + 7_200_000 })
  })

  it.each([
    ['a wrong password', { username: 'ada', password: `${SECRET}!` }],
    ['two-factor authentication', { username: 'jonas', password: SECRET }],
    ['nobody', { username: 'Planted', password: '' }],
  ])('is refused with %s, and the hint names the other way', async (_, login) => {
    for (const before of [false, true])
      for (const body of ['form', 'json'] as const) {
        const { client, records } = startApp({ body })
        if (before) await client.login(ada)
        await expect.poll(() => !before || client.snapshot?.account).toBeTruthy()
        const [session, stored] = [await client.session(), structuredClone([...records])]
        const error = await failure(client.login(login))
        expect(error).toMatchObject({ code: 'token_endpoint_error', error: 'invalid_grant' })
        expect(error.hint).toMatch(/personal access token/)
        expect(await client.session()).toEqual(session)
        expect([...records]).toEqual(stored)
        expect(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}${error.stack}`).not.toContain(
          'Planted',
        )
      }
  })

  it.each<[string, Answer, object]>([
    [
      'repeats the password in an error',
      () => json({ error: 'invalid_grant', error_description: `no: ${SECRET}` }, { status: 400 }),
      { code: 'token_endpoint_error' },
    ],
    ['is down', () => Promise.reject(new TypeError(SECRET)), { code: 'network_error' }],
    [
      'has enough',
      () => json({ message: SECRET }, { status: 429, headers: { 'retry-after': '7' } }),
      { code: 'bad_status', retryAfter: 7 },
    ],
  ])('keeps nothing where the forge %s', async (_, answer, expected) => {
    const { client, records } = startApp({ answer })
    const error = await failure(client.login(ada))
    expect(error).toMatchObject(expected)
    expect(records.size).toBe(0)
    expect(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}${error.stack}`).not.toContain('Planted')
  })

  it('is refused by a provider without the grant', () => {
    const provider: Provider = gitlab(findPlace())
    const make = () => createClient({ provider, grant: password() } as unknown as ClientOptions)
    expect(make).toThrow(expect.objectContaining({ code: 'unsupported_by_provider' }))
  })
})
