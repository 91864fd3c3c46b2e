import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { challenge, confidentialClient, publicClient, redirect_uri, startApp, verifier } from './app.ts'

const secret = confidentialClient.client_secret ?? ''

describe('row 2: metadata', () => {
  test('names the endpoints under the address the forge is asked at, and GitLab’s own lists', async () => {
    const { get } = startApp({ basePath: '/forge/gitlab' })
    const response = await get('/.well-known/oauth-authorization-server', { origin: 'https://app.test' })
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
    expect(await response.json()).toMatchObject({
      issuer: 'https://gitlab.test/forge/gitlab',
      token_endpoint: 'https://gitlab.test/forge/gitlab/oauth/token',
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'fragment', 'form_post'],
      grant_types_supported: ['authorization_code', 'client_credentials', 'device_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      code_challenge_methods_supported: ['plain', 'S256'],
    })
  })
})

describe('row 3: the token endpoint takes its parameters', () => {
  test.each(['form', 'JSON', 'query'])('as %s', async (kind) => {
    const { forge, base, winCode } = startApp()
    const code = await winCode()
    const fields = {
      client_id: 'spa',
      grant_type: 'authorization_code',
      redirect_uri,
      code_verifier: verifier,
      code,
    }
    const form = new URLSearchParams(fields)
    const requests: Record<string, () => Request> = {
      form: () => new Request(`${base}/oauth/token`, { method: 'POST', body: form }),
      JSON: () =>
        new Request(`${base}/oauth/token`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(fields),
        }),
      query: () => new Request(`${base}/oauth/token?${form}`, { method: 'POST' }),
    }
    const request = requests[kind]
    expect(request && (await forge.fetch(request())).status).toBe(200)
  })

  test('and answers a malformed body with 400', async () => {
    const { forge, base } = startApp()
    const headers = { 'content-type': 'application/json' }
    const response = await forge.fetch(
      new Request(`${base}/oauth/token`, { method: 'POST', headers, body: '{' }),
    )
    expect(response.status).toBe(400)
  })
})

describe('row 4: client authentication', () => {
  const basic = (id: string, password: string) => ({ authorization: `Basic ${btoa(`${id}:${password}`)}` })
  const form = { grant_type: 'authorization_code', redirect_uri, code_verifier: verifier }

  test('takes a raw Basic header', async () => {
    const { winCode, post } = startApp()
    const code = await winCode({ client_id: 'server' })
    expect((await post('/oauth/token', { ...form, code }, basic('server', secret))).status).toBe(200)
  })

  test('does not decode a form-encoded Basic header', async () => {
    const { winCode, post } = startApp()
    const code = await winCode({ client_id: 'server' })
    const encoded = basic('server', 'gloas%2Ds%5Fe%2Ecret')
    expect((await post('/oauth/token', { ...form, code }, encoded)).status).toBe(401)
  })

  test('takes the secret in the body, and needs it from a confidential client', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ client_id: 'server' })
    expect((await exchange({ code, client_id: 'server' })).status).toBe(401)
    expect((await exchange({ code, client_id: 'server', client_secret: secret })).status).toBe(200)
  })
})

describe('row 5: PKCE', () => {
  test('may be left out', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ code_challenge: '', code_challenge_method: '' })
    expect((await exchange({ code, code_verifier: '' })).status).toBe(200)
  })

  test('does not accept a verifier where no challenge was sent', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ code_challenge: '', code_challenge_method: '' })
    expect((await exchange({ code })).status).toBe(400)
  })

  test('has the plain method', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ code_challenge: verifier, code_challenge_method: 'plain' })
    expect((await exchange({ code, code_verifier: challenge })).status).toBe(400)
    expect((await exchange({ code })).status).toBe(200)
  })
})

describe('row 8: refresh', () => {
  test('ends the old access token at once, and gives a new pair', async () => {
    const { winToken, refresh, readUser } = startApp()
    const old = await winToken()
    const fresh = await (await refresh(`${old.refresh_token}`)).json()
    expect(fresh.refresh_token).not.toBe(old.refresh_token)
    expect((await readUser(`${old.access_token}`)).status).toBe(401)
    expect((await readUser(fresh.access_token)).status).toBe(200)
  })

  test('revokes nothing else when an old refresh token comes again', async () => {
    const { winToken, refresh, readUser } = startApp()
    const { refresh_token = '' } = await winToken()
    const fresh = await (await refresh(refresh_token)).json()
    expect((await refresh(refresh_token)).status).toBe(400)
    expect((await readUser(fresh.access_token)).status).toBe(200)
  })

  test('needs the client: none is an invalid grant, a confidential one without secret an invalid client', async () => {
    const { winToken, winCode, exchange, refresh } = startApp()
    const { refresh_token = '' } = await winToken()
    const nameless = await refresh(refresh_token, {})
    expect([nameless.status, (await nameless.json()).error]).toEqual([400, 'invalid_grant'])
    const code = await winCode({ client_id: 'server' })
    const own = await (await exchange({ code, client_id: 'server', client_secret: secret })).json()
    const bare = await refresh(own.refresh_token, { client_id: 'server' })
    expect([bare.status, (await bare.json()).error]).toEqual([401, 'invalid_client'])
  })

  test('may narrow the scope and not widen it', async () => {
    const { winToken, refresh } = startApp()
    const { refresh_token = '' } = await winToken({ scope: 'read_user read_api' })
    const wide = await refresh(refresh_token, { client_id: 'spa', scope: 'api' })
    expect((await wide.json()).error).toBe('invalid_scope')
    const narrow = await refresh(refresh_token, { client_id: 'spa', scope: 'read_api' })
    expect((await narrow.json()).scope).toBe('read_api')
  })

  test('ignores the redirect_uri of GitLab’s own documentation, and works after the access token has expired', async () => {
    let now = 0
    const { winToken, refresh } = startApp({ now: () => now })
    const { refresh_token = '' } = await winToken()
    now = 86_400_000
    expect(
      (await refresh(refresh_token, { client_id: 'spa', redirect_uri: 'https://else.test' })).status,
    ).toBe(200)
  })
})

describe('row 10: token errors', () => {
  test.each([
    [{ grant_type: '' }, 400, 'Missing required parameter: grant_type.'],
    [{ code: '' }, 400, 'Missing required parameter: code.'],
    [
      { code_verifier: '', redirect_uri: '', client_id: 'nobody' },
      400,
      'Missing required parameter: code_verifier.',
    ],
    [{ redirect_uri: '', client_id: 'nobody' }, 400, 'Missing required parameter: redirect_uri.'],
    [{ client_id: 'nobody', redirect_uri: 'https://else.test' }, 401, 'Client authentication failed'],
    [{ redirect_uri: 'https://else.test' }, 400, 'The provided authorization grant is invalid'],
    [{ code: 'f'.repeat(64) }, 400, 'The provided authorization grant is invalid'],
  ])('come in Doorkeeper’s order: %o', async (changes, status, words) => {
    const { winCode, exchange } = startApp()
    const response = await exchange({ code: await winCode(), ...changes })
    expect([response.status, (await response.json()).error_description]).toEqual([
      status,
      expect.stringContaining(words),
    ])
    expect(response.headers.has('www-authenticate')).toBe(true)
  })
})

describe('row 11: authorization errors', () => {
  test.each([
    [{ client_id: 'nobody' }, 'Client authentication failed'],
    [{ client_id: '' }, 'Missing required parameter: client_id.'],
    [{ redirect_uri: 'https://else.test' }, 'The requested redirect uri is malformed'],
    [{ redirect_uri: '' }, 'The requested redirect uri is malformed'],
    [{ response_type: 'token' }, 'does not support this response type'],
    [{ response_type: '' }, 'Missing required parameter: response_type.'],
    [{ response_mode: 'smoke' }, 'does not support this response mode'],
    [{ scope: 'read_minds' }, 'The requested scope is invalid'],
    [{ code_challenge_method: 'S512' }, 'The code challenge method must be plain or S256.'],
    [{ code_challenge_method: '' }, 'The code challenge method must be plain or S256.'],
  ])('%o is a page with status 200', async (changes, words) => {
    const { forge, authorizeUrl } = startApp()
    await expect(forge.visit(authorizeUrl(changes))).rejects.toThrow(words)
    expect(forge.requests.at(-1)).toMatchObject({ method: 'GET', path: '/oauth/authorize', status: 200 })
  })

  test('a denial goes into the fragment when the response mode says so', async () => {
    const { forge, authorizeUrl } = startApp()
    const { hash } = await forge.visit(authorizeUrl({ response_mode: 'fragment' }), { decision: 'deny' })
    expect(hash).toMatch(/^#error=access_denied&/)
  })
})

describe('row 12: nobody is asked twice', () => {
  const server = { client_id: 'server', client_secret: secret }

  test('a confidential client with a matching token gets a page that redirects by script', async () => {
    const { forge, authorizeUrl, winCode, exchange } = startApp()
    expect((await exchange({ ...server, code: await winCode({ client_id: 'server' }) })).status).toBe(200)
    const { href } = await forge.visit(authorizeUrl({ client_id: 'server' }))
    expect(href).toMatch(/^https:\/\/app\.test\/callback\?code=[0-9a-f]{64}&state=S$/)
    expect(forge.requests.at(-1)).toMatchObject({ method: 'GET', path: '/oauth/authorize', status: 200 })
  })

  test.each([
    ['other scopes', { client_id: 'server', scope: 'api' }],
    ['a public client', { client_id: 'spa' }],
  ])('%s gets the consent page', async (_, changes) => {
    const { forge, authorizeUrl, winCode, exchange, winToken } = startApp()
    await winToken()
    await exchange({ ...server, code: await winCode({ client_id: 'server' }) })
    await forge.visit(authorizeUrl(changes))
    expect(forge.requests.at(-1)).toMatchObject({ method: 'POST', path: '/oauth/authorize', status: 302 })
  })

  test('a trusted client never asks', async () => {
    const { forge, authorizeUrl } = startApp({ clients: [{ ...publicClient, trusted: true }] })
    await forge.visit(authorizeUrl())
    expect(forge.requests.at(-1)).toMatchObject({ method: 'GET', path: '/oauth/authorize', status: 200 })
  })
})

describe('row 13: CORS', () => {
  const ask = (path: string, method: string, headers?: string) =>
    createForge('gitlab', { basePath: '/forge' }).fetch(
      new Request(`http://localhost/forge${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.test',
          'access-control-request-method': method,
          ...(headers && { 'access-control-request-headers': headers }),
        },
      }),
    )
  const allowing = (response: Response) =>
    [...response.headers.keys()].filter((name) => name.startsWith('access-control'))

  test.each([
    ['/oauth/token', 'POST', 'authorization, content-type, x-csrf-token, x-requested-with'],
    ['/oauth/revoke', 'POST', 'authorization'],
    ['/oauth/token/info', 'GET', 'authorization'],
    ['/oauth/userinfo', 'POST', 'authorization'],
    ['/api/v4/user', 'GET', 'authorization, x-anything'],
    ['/api/v4/user', 'PATCH', undefined],
  ])('a preflight of %s %s passes', async (path, method, headers) => {
    const response = await ask(path, method, headers)
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-methods')?.split(', ')).toContain(method)
    expect(response.headers.get('access-control-allow-headers')).toBe(headers ?? null)
    expect(response.headers.has('access-control-allow-credentials')).toBe(false)
  })

  test.each([
    ['/oauth/token', 'POST', 'authorization, x-mine'],
    ['/oauth/token', 'GET', undefined],
    ['/oauth/token/info', 'POST', 'authorization'],
    ['/oauth/token/info', 'GET', 'x-csrf-token'],
    ['/oauth/authorize', 'GET', undefined],
    ['/oauth/introspect', 'POST', undefined],
    ['/.well-known/oauth-authorization-server', 'GET', undefined],
    ['/apis', 'GET', undefined],
  ])('a preflight of %s %s with %s gets no allowing header', async (path, method, headers) => {
    expect(allowing(await ask(path, method, headers))).toEqual([])
  })

  test('an error can be read by another origin, its WWW-Authenticate cannot', async () => {
    const { post } = startApp()
    const response = await post('/oauth/token', { grant_type: 'authorization_code' })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.has('access-control-expose-headers')).toBe(false)
  })

  test('the API exposes its paging and not WWW-Authenticate', async () => {
    const { get } = startApp()
    const exposed = (await get('/api/v4/user', { origin: 'https://app.test' })).headers.get(
      'access-control-expose-headers',
    )
    expect(exposed).toMatch(/Link, X-Total/)
    expect(exposed).not.toMatch(/www-authenticate/i)
  })

  test('a page is not shared', async () => {
    const { get } = startApp()
    expect(allowing(await get('/oauth/authorize', { origin: 'https://app.test' }))).toEqual([])
  })
})

describe('row 14: who signed in', () => {
  test('the API gives the user', async () => {
    const { winToken, readUser } = startApp()
    const body = await (await readUser(`${(await winToken()).access_token}`)).json()
    expect(body).toMatchObject({ id: 1, username: 'ada', name: 'Ada Okafor', email: 'ada@forge.example' })
    expect(body.web_url).toBe('https://gitlab.test/ada')
  })

  test('the avatar is a picture the forge serves', async () => {
    const { winToken, readUser, forge } = startApp()
    const { avatar_url } = await (await readUser(`${(await winToken()).access_token}`)).json()
    const picture = await forge.fetch(new Request(avatar_url))
    expect(picture.headers.get('content-type')).toBe('image/svg+xml')
    expect(await picture.text()).toContain('>AO<')
  })

  test('userinfo needs openid, and gives a text subject', async () => {
    const { winToken, get } = startApp()
    const read = async (scope: string) =>
      get('/oauth/userinfo', { authorization: `Bearer ${(await winToken({ scope })).access_token}` })
    expect((await read('read_user')).status).toBe(403)
    expect(await (await read('openid')).json()).toMatchObject({ sub: '1', preferred_username: 'ada' })
  })

  test('the projects of the user are a page of a list', async () => {
    const { winToken, get } = startApp()
    const { access_token } = await winToken({ scope: 'read_api' })
    const response = await get('/api/v4/projects', { authorization: `Bearer ${access_token}` })
    expect(response.headers.get('x-total')).toBe('3')
    expect((await response.json())[0].path_with_namespace).toBe('ada/lantern')
  })
})

describe('row 15: using a token', () => {
  test('it may ride in the query', async () => {
    const { winToken, get } = startApp()
    const { access_token } = await winToken()
    expect((await get(`/api/v4/user?access_token=${access_token}`)).status).toBe(200)
    expect((await get(`/api/v4/user?bearer_token=${access_token}`)).status).toBe(200)
  })

  test.each(['Bearer nonsense', 'Basic nonsense', ''])('%j is unauthorized', async (authorization) => {
    const response = await startApp().get('/api/v4/user', authorization ? { authorization } : {})
    expect([response.status, await response.text()]).toEqual([401, '{"message":"401 Unauthorized"}'])
    expect(response.headers.has('www-authenticate')).toBe(false)
  })

  test('a revoked token is told apart, a narrow one is forbidden', async () => {
    const { forge, winToken, get, readUser } = startApp()
    const { access_token = '' } = await winToken()
    const forbidden = await get('/api/v4/projects', { authorization: `Bearer ${access_token}` })
    expect([forbidden.status, (await forbidden.json()).error]).toEqual([403, 'insufficient_scope'])
    forge.revokeAll()
    expect((await (await readUser(access_token)).json()).error_description).toMatch(/^Token was revoked/)
  })
})

describe('row 16: token info', () => {
  test('tells about a live token', async () => {
    const { winToken, get } = startApp({ now: () => 1_795_188_649_000 })
    const { access_token } = await winToken()
    const response = await get('/oauth/token/info', { authorization: `Bearer ${access_token}` })
    expect(await response.text()).toBe(
      '{"resource_owner_id":1,"scope":["read_user"],"expires_in":7200,"application":{"uid":"spa"},"created_at":1795188649,"scopes":["read_user"],"expires_in_seconds":7200}',
    )
  })

  test('refuses any other', async () => {
    const response = await startApp().get('/oauth/token/info', { authorization: 'Bearer nonsense' })
    expect([response.status, (await response.json()).error]).toEqual([401, 'invalid_token'])
  })
})

describe('row 17: revocation', () => {
  test.each(['access_token', 'refresh_token'])('of the %s ends both', async (half) => {
    const { winToken, post, readUser, refresh } = startApp()
    const pair = await winToken()
    await post('/oauth/revoke', { token: `${pair[half]}`, client_id: 'spa' })
    expect((await readUser(`${pair.access_token}`)).status).toBe(401)
    expect((await refresh(`${pair.refresh_token}`)).status).toBe(400)
  })

  test('of an unknown token is fine, without a client it is not', async () => {
    const { post } = startApp()
    const unknown = await post('/oauth/revoke', { token: 'nonsense', client_id: 'spa' })
    expect([unknown.status, await unknown.text()]).toEqual([200, '{}'])
    expect((await post('/oauth/revoke', { token: 'nonsense' })).status).toBe(403)
  })
})

describe('row 18: scopes', () => {
  test('without one the application gets api', async () => {
    const { winToken } = startApp()
    expect((await winToken({ scope: '' })).scope).toBe('api')
  })

  test('an application gets only what it was registered for', async () => {
    const { forge, authorizeUrl } = startApp({ clients: [{ ...publicClient, scopes: ['read_user'] }] })
    await expect(forge.visit(authorizeUrl({ scope: '' }))).rejects.toThrow('The requested scope is invalid')
    await expect(forge.visit(authorizeUrl())).resolves.toBeInstanceOf(URL)
  })
})

describe('row 19: an authorization code', () => {
  test.each([
    [600_000, 200],
    [600_001, 400],
  ])('after %d ms gets %d', async (age, status) => {
    let now = 0
    const { winCode, exchange } = startApp({ now: () => now })
    const code = await winCode()
    now = age
    expect((await exchange({ code })).status).toBe(status)
  })

  test('is won by one of two exchanges at the same time', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode()
    const answers = await Promise.all([exchange({ code }), exchange({ code })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('belongs to its client', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode()
    expect((await exchange({ code, client_id: 'server', client_secret: secret })).status).toBe(400)
  })
})

describe('row 21: redirect_uri', () => {
  const visit = (registered: string, asked: string) => {
    const { forge, authorizeUrl } = startApp({ clients: [{ ...publicClient, redirect_uris: [registered] }] })
    return forge.visit(authorizeUrl({ redirect_uri: asked }))
  }

  test.each([
    ['https://app.test/cb?a=1&b=2', 'https://app.test/cb?b=2&a=1'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:5173/cb'],
    ['http://[::1]:1/cb', 'http://[::1]:2/cb'],
    ['http://app.test/cb', 'http://app.test/cb'],
    ['com.example.app:/cb', 'com.example.app:/cb'],
  ])('%s accepts %s', async (registered, asked) => {
    expect(`${await visit(registered, asked)}`.startsWith(asked)).toBe(true)
  })

  test.each([
    ['https://app.test/cb?a=1', 'https://app.test/cb?a=2'],
    ['https://app.test/cb', 'https://app.test/cb/'],
    ['https://app.test/cb', 'https://app.test:8443/cb'],
    ['http://localhost:1/cb', 'http://localhost:2/cb'],
    ['https://app.test/cb', 'https://app.test/cb#part'],
    ['https://app.test/cb', 'https://user@app.test/cb'],
    ['https://app.test/cb', '/cb'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
  ])('%s refuses %s', async (registered, asked) => {
    await expect(visit(registered, asked)).rejects.toThrow('redirect uri')
  })
})
