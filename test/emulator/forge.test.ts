import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { startApp } from './app.ts'

const demoUrl = (redirect: string, base = 'http://localhost') =>
  `${base}/oauth/authorize?${new URLSearchParams({ client_id: 'forgepass-demo', redirect_uri: redirect, response_type: 'code', scope: 'read_user' })}`

describe('the client that needs no registration', () => {
  test.each([
    'http://localhost:5173/callback',
    'http://127.0.0.1:4000/',
    'http://app.localhost/cb',
    'http://[::1]:1/cb',
  ])('may be sent back to %s', async (redirect) => {
    expect((await createForge('gitlab').visit(demoUrl(redirect))).href).toContain(`${redirect}?code=`)
  })

  test.each([
    'https://app.test/cb',
    'http://localhost.app.test/',
    'app://localhost/cb',
    'http://localhost/#x',
  ])('may not be sent to %s', async (redirect) => {
    await expect(createForge('gitlab').visit(demoUrl(redirect))).rejects.toThrow('redirect uri')
  })
})

describe('the mount', () => {
  const forge = createForge('gitlab', { basePath: '/forge/gitlab' })

  test.each(['/', '/oauth/token', '/forge', '/forge/gitlabs/oauth/token'])(
    'answers 404 outside: %s',
    async (path) => {
      expect((await forge.fetch(new Request(`http://localhost${path}`))).status).toBe(404)
    },
  )

  test('works inside, and stays there', async () => {
    const { href } = await forge.visit(demoUrl('http://localhost/cb', 'http://localhost/forge/gitlab'), {
      username: 'jonas',
    })
    expect(href).toContain('http://localhost/cb?code=')
    const response = await forge.fetch(new Request('http://localhost/forge/gitlab/users/sign_in'))
    expect(response.headers.get('set-cookie')).toMatch(
      /^_gitlab_session=\w+; Path=\/forge\/gitlab; HttpOnly; SameSite=Lax$/,
    )
  })
})

describe('wrong paths and methods', () => {
  test.each([
    ['GET', '/oauth/token', 404],
    ['PUT', '/oauth/revoke', 404],
    ['OPTIONS', '/oauth/token', 404],
    ['GET', '/nowhere', 404],
    ['GET', '/constructor', 404],
    ['POST', '/api/v4/user', 405],
    ['GET', '/api/v4/nowhere', 404],
    ['HEAD', '/users/sign_in', 200],
  ])('%s %s is %d', async (method, path, status) => {
    const response = await createForge('gitlab').fetch(new Request(`http://localhost${path}`, { method }))
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toMatch(path.startsWith('/api') ? /json/ : /html/)
  })
})

describe('what a test can look at', () => {
  test('the last 200 requests, with their parameters', async () => {
    const { forge, post, get } = startApp()
    await post('/oauth/token', { grant_type: 'x' })
    expect(forge.requests).toEqual([
      { method: 'POST', path: '/oauth/token', params: { grant_type: 'x' }, status: 400 },
    ])
    for (let count = 0; count < 200; count += 1) await get('/api/v4/user')
    expect(forge.requests).toHaveLength(200)
    expect(forge.requests[0]?.path).toBe('/api/v4/user')
  })

  test('revokeAll ends every token', async () => {
    const { forge, winToken, readUser, refresh } = startApp()
    const { access_token = '', refresh_token = '' } = await winToken()
    forge.revokeAll()
    expect((await readUser(access_token)).status).toBe(401)
    expect((await refresh(refresh_token)).status).toBe(400)
  })

  test('the lifetime of access tokens can be set', async () => {
    const { winToken } = startApp({ expires_in: 60 })
    expect((await winToken()).expires_in).toBe(60)
  })
})

test.each(['http://localhost/日本', 'http://localhost/cb\r\nx: 1'])(
  'an address that no header can carry leads nowhere: %j',
  async (redirect) => {
    const forge = createForge('gitlab')
    await expect(forge.visit(demoUrl(redirect))).rejects.toThrow(/redirect/i)
    await expect(forge.visit(demoUrl('http://localhost/cb'))).resolves.toBeInstanceOf(URL)
  },
)

test.each([
  [
    'a name that is none',
    () => createForge('hasOwnProperty' as 'gitlab'),
    'There is no forge "hasOwnProperty"',
  ],
  ['a path without its slash', () => createForge('gitlab', { basePath: 'forge' }), 'must start with a slash'],
])('%s is refused', (_, create, words) => {
  expect(create).toThrow(words)
})
