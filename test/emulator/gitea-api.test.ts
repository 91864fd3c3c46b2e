import { describe, expect, test } from 'vitest'
import { startApp } from './gitea-app.ts'

const tokenRequired = { message: 'token is required', url: 'https://gitea.test/git/api/swagger' }

describe.each(['current', 'documented'] as const)('the API of Gitea, profile %s', (profile) => {
  test('tells who the token is of', async () => {
    const { winToken, read } = startApp({ profile })
    const response = await read('user', (await winToken()).access_token ?? '')
    expect(response.status).toBe(200)
    const body = await response.json()
    expect(body).toMatchObject({
      id: 1,
      login: 'ada',
      username: 'ada',
      full_name: 'Ada Okafor',
      email: 'ada@forge.example',
      is_admin: false,
    })
    expect(body.avatar_url).toMatch(/^https:\/\/gitea\.test\/git\//)
    expect('html_url' in body).toBe(profile === 'current')
  })

  test('lists repositories', async () => {
    const { winToken, read } = startApp({ profile })
    const response = await read('user/repos', (await winToken()).access_token ?? '')
    const list = await response.json()
    expect(response.headers.get('x-total-count')).toBe(`${list.length}`)
    expect(list[0]).toMatchObject({ full_name: 'ada/lantern', private: false, owner: { login: 'ada' } })
  })

  test('takes a token by either word', async () => {
    const { winToken, get } = startApp({ profile })
    const { access_token } = await winToken()
    for (const authorization of [`token ${access_token}`, `Bearer ${access_token}`, `bearer ${access_token}`])
      expect((await get('/api/v1/user', { authorization })).status).toBe(200)
  })

  test.each(['', 'token x', 'Bearer x', 'Basic x'])('refuses the header "%s"', async (authorization) => {
    const response = await startApp({ profile }).get('/api/v1/user', { authorization })
    expect([response.status, await response.json()]).toEqual([401, tokenRequired])
  })

  test('refuses an expired token, a revoked one and one that is for refreshing', async () => {
    let now = 0
    const { forge, winToken, read } = startApp({ profile, now: () => now })
    const [one, other] = [await winToken(), await winToken()]
    expect((await read('user', one.refresh_token ?? '')).status).toBe(401)
    now = 3_600_001
    expect((await read('user', one.access_token ?? '')).status).toBe(401)
    now = 0
    forge.revokeAll()
    expect((await read('user', other.access_token ?? '')).status).toBe(401)
  })

  test('answers unknown paths as JSON', async () => {
    const response = await startApp({ profile }).get('/api/v1/nowhere')
    expect([response.status, (await response.json()).message]).toEqual([404, 'not found'])
  })
})

test('the word "token" was in lower case only, and a query would do', async () => {
  const [old, today] = [startApp({ profile: 'documented' }), startApp()]
  for (const { app, status } of [
    { app: old, status: { upper: 401, query: 200 } },
    { app: today, status: { upper: 200, query: 401 } },
  ]) {
    const { access_token } = await app.winToken()
    const upper = await app.get('/api/v1/user', { authorization: `Token ${access_token}` })
    const query = await app.get(`/api/v1/user?access_token=${access_token}`)
    expect({ upper: upper.status, query: query.status }).toEqual(status)
  }
})

describe('scopes at a Gitea of today', () => {
  const statuses = async (scope: string, profile?: 'documented') => {
    const { winToken, read } = startApp(profile && { profile })
    const { access_token = '' } = await winToken({ scope })
    const [user, repos] = [await read('user', access_token), await read('user/repos', access_token)]
    return [user.status, repos.status]
  }

  test.each([
    ['', [200, 200]],
    ['openid profile', [200, 200]],
    ['openid read:user', [200, 403]],
    ['write:user read:repository', [200, 200]],
    ['read:repository', [403, 403]],
    ['read:user read:minds', [200, 200]],
    ['all', [200, 200]],
  ])('"%s" reads the user and the repositories: %j', async (scope, expected) => {
    expect(await statuses(scope)).toEqual(expected)
  })

  test('meant nothing in old times', async () => {
    expect(await statuses('read:repository', 'documented')).toEqual([200, 200])
  })

  test('say what is missing', async () => {
    const { winToken, read } = startApp()
    const { access_token = '' } = await winToken({ scope: 'read:user' })
    expect((await (await read('user/repos', access_token)).json()).message).toBe(
      'token does not have at least one of required scope(s): [read:repository]',
    )
  })

  test('follow the last agreement', async () => {
    const { winToken, read } = startApp()
    await winToken({ scope: 'read:repository' })
    const { access_token = '' } = await winToken({ scope: 'read:user' })
    expect((await read('user', access_token)).status).toBe(200)
  })
})

describe('OpenID at a Gitea of today', () => {
  test('has a discovery document', async () => {
    const { get, base } = startApp()
    expect(await (await get('/.well-known/openid-configuration')).json()).toMatchObject({
      issuer: base,
      authorization_endpoint: `${base}/login/oauth/authorize`,
      token_endpoint: `${base}/login/oauth/access_token`,
      userinfo_endpoint: `${base}/login/oauth/userinfo`,
    })
  })

  test('tells who the token is of, and refuses in plain text', async () => {
    const { get, winToken } = startApp()
    const { access_token } = await winToken()
    const response = await get('/login/oauth/userinfo', { authorization: `Bearer ${access_token}` })
    expect(await response.json()).toMatchObject({ sub: '1', name: 'Ada Okafor', preferred_username: 'ada' })
    const refused = await get('/login/oauth/userinfo')
    expect([refused.status, await refused.text()]).toEqual([401, 'no valid authorization'])
    expect(refused.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="Gitea OAuth2"')
  })
})
