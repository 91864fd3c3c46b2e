import { describe, expect, test } from 'vitest'
import { startApp } from './gitea-app.ts'

const origin = 'https://app.test'

async function preflight(path: string, options: { headers: string; cors?: boolean }) {
  const { forge, base } = startApp({ cors: options.cors ?? true })
  const headers = {
    origin,
    'access-control-request-method': path.startsWith('/api') ? 'GET' : 'POST',
    'access-control-request-headers': options.headers,
  }
  return forge.fetch(new Request(base + path, { method: 'OPTIONS', headers }))
}

describe('CORS at a Gitea of today', () => {
  test.each([
    ['/login/oauth/access_token', 'content-type'],
    ['/login/oauth/access_token', 'content-type,user-agent'],
    ['/login/oauth/userinfo', 'user-agent'],
    ['/api/v1/user', 'authorization'],
    ['/api/v1/user/repos', 'authorization,content-type'],
  ])('once enabled, passes %s with %s', async (path, headers) => {
    const response = await preflight(path, { headers })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-headers')).toBe(headers)
    expect(response.headers.get('access-control-max-age')).toBe('600')
  })

  test.each([
    ['/login/oauth/access_token', 'authorization'],
    ['/login/oauth/userinfo', 'authorization'],
    ['/login/oauth/authorize', 'content-type'],
    ['/api/v1/user', 'x-mine'],
  ])('once enabled, still refuses %s with %s', async (path, headers) => {
    expect((await preflight(path, { headers })).headers.has('access-control-allow-origin')).toBe(false)
  })

  test('is off as Gitea comes', async () => {
    for (const path of ['/login/oauth/access_token', '/api/v1/user']) {
      const response = await preflight(path, { headers: 'content-type', cors: false })
      expect([response.status, response.headers.has('access-control-allow-origin')]).toEqual([405, false])
    }
  })

  test('lets the answer be read only where it is enabled, a refusal too', async () => {
    for (const cors of [true, false]) {
      const { get, post } = startApp({ cors })
      for (const response of [await post({}, { origin }), await get('/api/v1/user', { origin })])
        expect(response.headers.get('access-control-allow-origin')).toBe(cors ? '*' : null)
    }
  })
})
