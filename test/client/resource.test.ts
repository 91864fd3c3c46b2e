import { describe, expect, it } from 'vitest'
import { gitlab } from '../../src/provider/index.ts'
import { type Changes, failure, json, startApp, until } from './app.ts'

async function startSignedIn(changes: Changes = {}) {
  const app = startApp(changes)
  await app.signIn()
  app.sent.length = 0
  const tokens = () => app.sent.map(({ request }) => request.headers.get('authorization'))
  return { ...app, tokens }
}

describe('client.fetch', () => {
  it('joins an address to the API base and sends the token', async () => {
    const { client, sent, base, tokens } = await startSignedIn()
    const absolute = new URL(`${base}/api/v4/groups`)
    for (const input of ['projects?page=2#x', './projects', absolute, absolute.href, new Request(absolute)]) {
      expect((await client.fetch(input)).status).toBe(200)
    }
    const api = `${base}/api/v4/`
    expect(sent.map(({ url }) => url.split('#')[0])).toEqual([
      `${api}projects?page=2`,
      `${api}projects`,
      `${api}groups`,
      `${api}groups`,
      `${api}groups`,
    ])
    expect(new Set(tokens())).toEqual(new Set(['Bearer AT-1']))
  })

  it('keeps method, headers and body, but no Authorization of the app’s own', async () => {
    const { client, sent, tokens } = await startSignedIn()
    const headers = { 'x-mine': '1', authorization: 'Basic evil' }
    await client.fetch('projects', { method: 'POST', headers, body: 'a=1' })
    await client.fetch(
      new Request(`${client ? sent[0]?.url : ''}`, { method: 'PUT', headers, body: 'a=1' }),
      { headers },
    )
    expect(sent.map(({ request }) => request.method)).toEqual(['POST', 'PUT'])
    expect(sent.map(({ body }) => body.get('a'))).toEqual(['1', '1'])
    expect(sent.map(({ request }) => request.headers.get('x-mine'))).toEqual(['1', '1'])
    expect(tokens()).toEqual(['Bearer AT-1', 'Bearer AT-1'])
  })

  it('refuses every address that is not below the API base, and asks nobody', async () => {
    const { client, sent, base } = await startSignedIn()
    const host = new URL(base).host
    const outside = [
      'https://evil.example/api/v4/user',
      `${base}.evil.example/api/v4/user`,
      `${base}@evil.example/api/v4/user`,
      `https://user@${host}/api/v4/user`,
      `https://:password@${host}/api/v4/user`,
      `https://user:password@${host}/api/v4/user`,
      `http://${host}/api/v4/user`,
      `${base}:8443/api/v4/user`,
      `//evil.example/api/v4/user`,
      '\\\\evil.example\\api',
      '/api/v5/user',
      '/api/v4',
      '/api/v4evil/user',
      '/',
      '..',
      '../v3/user',
      '../../oauth/token',
      'x/../../../oauth/token',
      '%2e%2e/user',
      '.%2E/user',
      '..\\..\\oauth',
      '\t/\t/evil.example/api/v4/',
      'data:text/plain,x',
      'javascript:alert(1)',
      `blob:${base}/api/v4/x`,
      'http://[',
    ]
    for (const address of outside) {
      const error = await failure(client.fetch(address))
      expect(error, address).toMatchObject({ code: 'resource_not_allowed', hint: expect.any(String) })
    }
    expect(await failure(client.fetch(new Request('https://evil.example/api/v4/user')))).toMatchObject({
      code: 'resource_not_allowed',
    })
    expect(await failure(client.fetch(new URL(`${base}/oauth/token`)))).toMatchObject({
      code: 'resource_not_allowed',
    })
    expect(sent).toEqual([])
  })

  it('sends the token to further prefixes of the app, and not to what only looks like them', async () => {
    const resources = ['https://api.example/v1/', 'https://open.example', 'https://path.example/v1']
    const { client, sent, tokens } = await startSignedIn({ resources })
    await client.fetch('https://api.example/v1/things')
    await client.fetch('https://API.example:443/v1/x/../things')
    expect(tokens()).toEqual(['Bearer AT-1', 'Bearer AT-1'])
    const near = [
      'https://api.example.evil.example/v1/things',
      'https://api.example/v1evil/',
      'https://api.example/v1/../v2',
      'https://open.example.evil.example/',
      'https://open.exampleevil/',
      'https://path.example/v1evil',
    ]
    for (const address of near) {
      expect(await failure(client.fetch(address)), address).toMatchObject({ code: 'resource_not_allowed' })
    }
    expect(sent).toHaveLength(2)
  })

  it('has no address at all for a provider without an API', async () => {
    const provider: Changes['provider'] = ({ base }) => {
      const { api_base: _, account: __, ...rest } = gitlab({ base })
      return rest
    }
    const app = startApp({ provider })
    await app.client.callback(app.back(await app.start()))
    const asked = app.sent.length
    for (const address of ['user', `${app.base}/api/v4/user`, 'https://evil.example/']) {
      expect(await failure(app.client.fetch(address))).toMatchObject({ code: 'resource_not_allowed' })
    }
    expect(app.sent).toHaveLength(asked)
  })

  it('security 99: renews the token once on 401, and repeats once', async () => {
    const { client, answers, tokens, exchanges, sent } = await startSignedIn()
    answers.rest = ({ headers }) =>
      json({}, { status: headers.get('authorization') === 'Bearer AT-1' ? 401 : 201 })
    const response = await client.fetch('projects', { method: 'POST', body: 'a=1' })
    expect(response.status).toBe(201)
    expect(tokens()).toEqual(['Bearer AT-1', null, 'Bearer AT-2'])
    expect(sent.at(-1)?.body.get('a')).toBe('1')
    expect(exchanges()).toHaveLength(1)
    expect((await client.fetch('projects')).status).toBe(201)
    expect(exchanges()).toHaveLength(1)
  })

  it('security 99: asks for a sign-in after two calls that were both answered 401', async () => {
    const { client, answers, tokens, exchanges } = await startSignedIn()
    answers.rest = () => json({}, { status: 401 })
    expect(await failure(client.fetch('projects'))).toMatchObject({ code: 'login_required', status: 401 })
    expect(tokens().filter(Boolean)).toEqual(['Bearer AT-1', 'Bearer AT-2'])
    expect(exchanges()).toHaveLength(1)
  })

  it('security 99: renews nothing on 403 or on anything else', async () => {
    const { client, answers, exchanges, sent } = await startSignedIn()
    for (const status of [400, 403, 404, 429, 500]) {
      answers.rest = () => json({ error: 'insufficient_scope' }, { status })
      expect((await client.fetch('projects')).status).toBe(status)
    }
    expect(sent).toHaveLength(5)
    expect(exchanges()).toEqual([])
  })

  it('renews once for three parallel calls that were answered 401', async () => {
    const { client, answers, exchanges } = await startSignedIn()
    answers.rest = ({ headers }) =>
      json({}, { status: headers.get('authorization') === 'Bearer AT-1' ? 401 : 200 })
    const responses = await Promise.all(['a', 'b', 'c'].map((path) => client.fetch(path)))
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(exchanges()).toHaveLength(1)
  })

  it('does not repeat a stream, which can be read once only', async () => {
    const { client, answers, exchanges, base, sent } = await startSignedIn()
    answers.rest = () => json({}, { status: 401 })
    const stream = () => new Blob(['a=1']).stream()
    const init = () => ({ method: 'POST', body: stream(), duplex: 'half' }) as RequestInit
    expect((await client.fetch('projects', init())).status).toBe(401)
    expect((await client.fetch(new Request(`${base}/api/v4/projects`, init()))).status).toBe(401)
    // Firefox does not show the body of a Request.
    const hidden = new Request(`${base}/api/v4/projects`, { method: 'POST', body: 'a=1' })
    Object.defineProperty(hidden, 'body', { value: undefined })
    expect((await client.fetch(hidden)).status).toBe(401)
    expect(sent).toHaveLength(3)
    expect(exchanges()).toEqual([])
  })

  it('renews a token that has run out before it asks', async () => {
    const { client, clock, tokens } = await startSignedIn()
    clock.now += 7_200_000
    await client.fetch('projects')
    expect(tokens()).toEqual([null, 'Bearer AT-2'])
  })

  it('is refused without a session', async () => {
    const app = startApp()
    expect(await failure(app.client.fetch('user'))).toMatchObject({ code: 'signed_out' })
    expect(app.sent).toEqual([])
  })

  it('passes on what the network does', async () => {
    const { client, answers } = await startSignedIn()
    answers.rest = () => {
      throw new TypeError('Failed to fetch')
    }
    await expect(client.fetch('projects')).rejects.toThrow(TypeError)
    expect(await client.session()).toBeTruthy()
  })
})

describe('the account', () => {
  it('is read once after the sign-in, by the API only, and kept', async () => {
    const app = startApp()
    const done = await app.client.callback(app.back(await app.start()))
    expect(done?.session.scope).toBe('read_user')
    await until(() => expect(app.client.snapshot?.account).toBeDefined())
    expect((await app.client.session())?.account).toEqual({
      id: '7',
      username: 'ada',
      name: 'Ada',
      profile_url: 'https://forge.example/ada',
    })
    const users = app.sent.filter(({ url }) => url.endsWith('/user'))
    expect(users.map(({ url }) => url)).toEqual([`${app.base}/api/v4/user`])
    // It survives a reload with its session.
    expect((await app.open().session())?.account?.username).toBe('ada')
  })

  it('may be missing, and the session stands', async () => {
    for (const answer of [() => json({}, { status: 500 }), () => new Response('<p>'), () => json(null)]) {
      const app = startApp()
      app.answers.user = answer
      const done = await app.client.callback(app.back(await app.start()))
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(done?.session.account).toBeUndefined()
      expect(await app.client.accessToken()).toBe('AT-1')
    }
  })

  it('has no part that is no text or number, and no markup is made of it', async () => {
    const app = startApp()
    app.answers.user = () =>
      json({ id: 0x7, username: '<b>', name: { first: 'x' }, email: ['x'], avatar_url: true })
    await app.client.callback(app.back(await app.start()))
    await until(() => expect(app.client.snapshot?.account).toBeDefined())
    expect(app.client.snapshot?.account).toEqual({ id: '7', username: '<b>' })
  })
})
