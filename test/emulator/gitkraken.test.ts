import { describe, expect, test } from 'vitest'
import { createForge, type GitKrakenClient } from '../../src/emulator/index.ts'
import { callback, client, startApp } from './gitkraken-app.ts'

describe('an authorization request to GitKraken', () => {
  const errorOf = (changes: Record<string, string>) => {
    const { forge, authorizeUrl } = startApp()
    return forge.visit(authorizeUrl(changes)).then(({ href }) => href)
  }

  test('that is denied says so', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl(), { decision: 'deny' })
    expect(href).toBe(`${callback}&error=access_denied&state=S`)
  })

  test.each([
    ['no scope', { scope: '' }, 'invalid_scope'],
    ['an unknown scope', { scope: 'user:read toString' }, 'invalid_scope'],
    ['no response_type', { response_type: '' }, 'unsupported_response_type'],
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
  ])('with %s comes back with an error', async (_, changes, error) => {
    expect(await errorOf(changes)).toBe(`${callback}&error=${error}&state=S`)
  })

  test('of an unknown client shows a page', async () => {
    await expect(errorOf({ client_id: 'nope' })).rejects.toThrow(
      'There is no application with this client_id',
    )
  })

  test('is asked about each time', async () => {
    const { forge, winToken } = startApp()
    await winToken()
    await winToken()
    expect(
      forge.requests.filter(({ path, method }) => method === 'POST' && path === '/oauth/authorize'),
    ).toHaveLength(2)
  })
})

describe('errors that GitKraken never documented', () => {
  test('can be a message alone', async () => {
    const { forge, authorizeUrl, post, withCode, read } = startApp({ errors: 'message' })
    for (const response of [await post(withCode('x')), await read('user', 'x')]) {
      expect(response.status).toBe(401)
      expect(Object.keys(await response.json())).toEqual(['message'])
    }
    await expect(forge.visit(authorizeUrl({ scope: '' }))).rejects.toThrow('The scope is missing')
  })

  test('can be the page of a gateway', async () => {
    const { post, withCode, read } = startApp({ errors: 'html' })
    for (const response of [await post(withCode('x')), await read('user', 'x')])
      expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html'])
  })

  test.each(['message', 'html'] as const)('leave what works as it is: %s', async (errors) => {
    const { winToken, read } = startApp({ errors })
    expect((await read('user', await winToken())).status).toBe(200)
  })
})

describe('the API of GitKraken', () => {
  test('lists boards by id and name, and by more on demand', async () => {
    const { winToken, read } = startApp()
    const token = await winToken()
    const boards = await (await read('boards', token)).json()
    expect(boards.map(Object.keys)).toEqual(boards.map(() => ['id', 'name']))
    expect(boards[0].name).toBe('Lantern')
    const [board] = await (await read('boards?fields=created_date', token)).json()
    expect(Object.keys(board)).toEqual(['id', 'created_date'])
  })

  test('takes the token from the query too', async () => {
    const { winToken, get } = startApp()
    expect((await get(`/v1/glo/user?access_token=${await winToken()}`)).status).toBe(200)
  })

  test('never lets a token expire', async () => {
    let now = 0
    const { winToken, read } = startApp({ now: () => now })
    const token = await winToken()
    now = 1e13
    expect((await read('user', token)).status).toBe(200)
  })

  test('refuses what the scope does not cover, and writing covers reading', async () => {
    const { winToken, read } = startApp()
    const writer = await winToken({ scope: 'user:write' })
    expect((await read('user', writer)).status).toBe(200)
    const refused = await read('boards', writer)
    expect([refused.status, await refused.text()]).toEqual([403, '{"error":"insufficient_scope"}'])
  })

  test.each(['', 'Bearer ', 'Bearer x', 'Basic x'])('refuses the header "%s"', async (authorization) => {
    const response = await startApp().get('/v1/glo/user', { authorization })
    expect([response.status, await response.text()]).toEqual([401, '{"error":"invalid_token"}'])
  })

  test('refuses a token after revokeAll', async () => {
    const { forge, winToken, read } = startApp()
    const token = await winToken()
    forge.revokeAll()
    expect((await read('user', token)).status).toBe(401)
  })
})

describe('CORS at GitKraken', () => {
  const preflight = (path: string, options: { cors?: boolean } = {}) => {
    const headers = {
      origin: 'https://app.test',
      'access-control-request-method': path.startsWith('/v1') ? 'GET' : 'POST',
      'access-control-request-headers': 'authorization',
    }
    const { forge, base } = startApp(options)
    return forge.fetch(new Request(base + path, { method: 'OPTIONS', headers }))
  }
  const allowed = ({ headers }: Response) => headers.has('access-control-allow-origin')

  test('is open at the API, and closed at the token endpoint', async () => {
    expect(allowed(await preflight('/v1/glo/user'))).toBe(true)
    expect(allowed(await preflight('/oauth/access_token'))).toBe(false)
  })

  test('can be switched off', async () => {
    expect(allowed(await preflight('/v1/glo/user', { cors: false }))).toBe(false)
  })
})

describe('an application at GitKraken', () => {
  test('of the demo comes back to the origin the forge is asked at', async () => {
    const forge = createForge('gitkraken', { basePath: '/forge/gitkraken' })
    const [demo] = forge.clients
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: demo?.client_id ?? '',
      scope: 'user:read',
    })
    const { href } = await forge.visit(`http://localhost:5173/forge/gitkraken/oauth/authorize?${query}`)
    expect(href).toMatch(/^http:\/\/localhost:5173\/auth\/callback\/gitkraken\?code=/)
    expect(demo).toMatchObject({ client_id: 'forgepass-demo', client_secret: 'public-demo-secret' })
  })

  test.each([
    ['without a secret', { client_secret: '' }, 'without a secret'],
    ['with two callbacks', { redirect_uris: ['/a', '/b'] }, 'one redirect_uri'],
    ['with no callback', { redirect_uris: [] }, 'one redirect_uri'],
    ['with any callback on this machine', { redirect_uris: 'loopback' }, 'one redirect_uri'],
    ['with a callback that is no address', { redirect_uris: ['cb'] }, 'must be an absolute URI, or a path'],
  ])('%s is refused', (_, changes, words) => {
    const clients = [{ ...client, ...changes } as GitKrakenClient]
    expect(() => createForge('gitkraken', { clients })).toThrow(words)
  })
})

test('unknown paths of GitKraken are 404', async () => {
  const { get } = startApp()
  const [api, page] = [await get('/v1/glo/nowhere'), await get('/nowhere')]
  expect([api.status, api.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8'])
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
})
