import { describe, expect, it } from 'vitest'
import { gitlab } from '../../src/provider/index.ts'
import { type Changes, failure, startApp, startSignedIn } from './app.ts'

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
