import { describe, expect, test } from 'vitest'
import { startApp } from './app.ts'

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

test('a token that has run out is told before what it was not for', async () => {
  const clock = { now: 1_790_000_000_000 }
  const { winToken, readUser } = startApp({ now: () => clock.now })
  const { access_token } = await winToken({ scope: 'openid' })
  expect((await readUser(`${access_token}`)).status).toBe(403)
  clock.now += 7_201_000
  const late = await readUser(`${access_token}`)
  expect([late.status, (await late.json()).error]).toEqual([401, 'invalid_token'])
})
