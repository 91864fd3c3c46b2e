import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { startApp } from './app.ts'

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

describe('row 13: CORS', () => {
  const ask = (path: string, method: string, headers?: string) =>
    createForge('gitlab', { basePath: '/forge' }).fetch(
      new Request(`http://localhost/forge${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.test',
          'access-control-request-method': method,
          ...(headers !== undefined && { 'access-control-request-headers': headers }),
        },
      }),
    )
  const allowing = (response: Response) =>
    [...response.headers.keys()].filter((name) => name.startsWith('access-control'))

  test.each([
    ['/oauth/token', 'POST', 'authorization, content-type, x-csrf-token, x-requested-with'],
    ['/oauth/revoke', 'POST', 'authorization'],
    ['/oauth/revoke', 'POST', ''],
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
