import { describe, expect, test } from 'vitest'
import type { ForgeOptions } from '../../src/emulator/index.ts'
import { invalidGrant, origin, publicClient, redirect_uri, startApp as start } from './app.ts'

const startApp = (options: ForgeOptions<'gitlab'> = {}) => start({ profile: 'documented', ...options })
const implicit = { response_type: 'token', code_challenge: '', code_challenge_method: '' }
const fragmentOf = ({ hash }: URL) => Object.fromEntries(new URLSearchParams(hash.slice(1)))
const ada = { grant_type: 'password', username: 'ada@forge.example', password: 'ada-lantern' }

describe('G5: the implicit grant of the documented GitLab', () => {
  test('leads back by 302 with the token in the fragment, in the order its page shows', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl(implicit))
    expect(href).toMatch(
      /^https:\/\/app\.test\/callback#access_token=[0-9a-f]{64}&state=S&token_type=bearer&expires_in=7200$/,
    )
    expect(forge.requests.at(-1)).toMatchObject({ method: 'POST', path: '/oauth/authorize', status: 302 })
  })

  test('gives a token with the scope that was asked for, which the API takes', async () => {
    const { forge, authorizeUrl, readUser, get } = startApp()
    const { access_token = '' } = fragmentOf(await forge.visit(authorizeUrl(implicit)))
    expect((await readUser(access_token)).status).toBe(200)
    expect((await get(`/api/v4/projects?access_token=${access_token}`)).status).toBe(403)
  })

  test('tells an application whose token it is at token/info', async () => {
    const { forge, authorizeUrl, get } = startApp()
    const { access_token } = fragmentOf(await forge.visit(authorizeUrl(implicit)))
    const info = await (await get(`/oauth/token/info?access_token=${access_token}`)).json()
    expect(info).toMatchObject({ application: { uid: publicClient.client_id }, scope: ['read_user'] })
  })

  test('is denied in the fragment', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl(implicit), { decision: 'deny' })
    expect(href).toBe(
      `${redirect_uri}#error=access_denied&error_description=The+resource+owner+or+authorization+server+denied+the+request.&state=S`,
    )
  })

  test('sends nobody back from a wrong request', async () => {
    const { forge, authorizeUrl } = startApp()
    await expect(forge.visit(authorizeUrl({ ...implicit, scope: 'nope' }))).rejects.toThrow(
      'scope is invalid',
    )
    const url = authorizeUrl({ ...implicit, response_type: 'id_token' })
    await expect(forge.visit(url)).rejects.toThrow('does not support this response type')
  })

  test('has no refresh token, and is not there today', async () => {
    const { forge, authorizeUrl, refresh } = startApp()
    await forge.visit(authorizeUrl(implicit))
    expect((await refresh('')).status).toBe(400)
    const today = start()
    await expect(today.forge.visit(today.authorizeUrl(implicit))).rejects.toThrow('response type')
  })
})

describe('G6: the password grant of the documented GitLab', () => {
  const answer = /^\{"access_token":"[0-9a-f]{64}","token_type":"bearer","expires_in":7200\}$/

  test('takes a form, without a client', async () => {
    const { post } = startApp()
    const response = await post('/oauth/token', ada)
    expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(answer)])
  })

  test('takes JSON', async () => {
    const { forge, base } = startApp()
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ada),
    }
    const response = await forge.fetch(new Request(`${base}/oauth/token`, init))
    expect(await response.text()).toMatch(answer)
  })

  test('gives a token that reads everything, of no application', async () => {
    const { post, get } = startApp()
    const { access_token } = await (await post('/oauth/token', ada)).json()
    expect((await get(`/api/v4/projects?access_token=${access_token}`)).status).toBe(200)
    const info = await (await get(`/oauth/token/info?access_token=${access_token}`)).json()
    expect(info.application).toEqual({ uid: null })
  })

  test('takes a client that names itself rightly, with its scope', async () => {
    const { post, readUser } = startApp()
    const client = { client_id: 'server', client_secret: 'gloas-s_e.cret', scope: 'read_user' }
    const { access_token } = await (await post('/oauth/token', { ...ada, ...client })).json()
    expect((await readUser(access_token)).status).toBe(200)
    expect((await post('/oauth/token', { ...ada, ...client, client_secret: 'x' })).status).toBe(401)
    expect((await (await post('/oauth/token', { ...ada, scope: 'nope' })).json()).error).toBe('invalid_scope')
  })

  test.each([
    ['a wrong password', { password: 'guess' }],
    ['nobody', { username: 'eve' }],
    ['no password', { password: '' }],
  ])('refuses %s', async (_, changes) => {
    const response = await startApp().post('/oauth/token', { ...ada, ...changes })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: 'invalid_grant', error_description: invalidGrant })
  })

  test('refuses who has a second factor', async () => {
    const users = [
      { username: 'ada', password: 'p', name: 'Ada', email: 'ada@forge.example', two_factor: true as const },
    ]
    const { post } = startApp({ users })
    expect((await post('/oauth/token', { ...ada, password: 'p' })).status).toBe(400)
  })

  test('is switched off today', async () => {
    const response = await start().post('/oauth/token', { ...ada, client_id: 'spa' })
    expect([response.status, (await response.json()).error]).toEqual([401, 'unauthorized_client'])
  })
})

describe('the token answer of the documented GitLab', () => {
  test('has neither scope nor time, and a refresh token only beside a code', async () => {
    const { winToken, refresh } = startApp()
    const first = await winToken()
    const shape = { access_token: expect.any(String), token_type: 'bearer', expires_in: 7200 }
    expect(first).toEqual({ ...shape, refresh_token: expect.any(String) })
    const second = await (await refresh(first.refresh_token ?? '')).json()
    expect(second).toEqual({ ...shape, refresh_token: expect.any(String) })
    expect((await (await refresh(first.refresh_token ?? '')).json()).error).toBe('invalid_grant')
  })

  test('is no token that the empty text would revoke', async () => {
    const { forge, authorizeUrl, post, readUser } = startApp()
    const { access_token = '' } = fragmentOf(await forge.visit(authorizeUrl(implicit)))
    await post('/oauth/revoke', { client_id: 'spa', token: '' })
    expect((await readUser(access_token)).status).toBe(200)
    await post('/oauth/revoke', { client_id: 'spa', token: access_token })
    expect((await readUser(access_token)).status).toBe(401)
  })
})

describe('CORS at the documented GitLab', () => {
  const allowed = async (path: string, options: ForgeOptions<'gitlab'> = {}) =>
    (await startApp(options).get(path, { origin })).headers.has('access-control-allow-origin')

  test('is open at the API, and elsewhere only if told to be', async () => {
    expect(await allowed('/api/v4/user')).toBe(true)
    expect(await allowed('/oauth/token/info')).toBe(false)
    expect(await allowed('/oauth/token/info', { cors: true })).toBe(true)
    const shared = await startApp({ cors: true }).post('/oauth/token', ada)
    expect(shared.headers.get('access-control-allow-origin')).toBe('*')
  })
})
