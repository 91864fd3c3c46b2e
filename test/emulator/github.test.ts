import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { bad, callback, client, startApp } from './github-app.ts'

const { client_id, client_secret = '' } = client
describe('an authorization request to GitHub', () => {
  test('may leave out the address, which is then the registered one', async () => {
    const { forge, authorizeUrl } = startApp()
    expect((await forge.visit(authorizeUrl({ redirect_uri: '' }))).href).toContain(`${callback}?code=`)
  })

  test('for a foreign address is refused at the registered one', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl({ redirect_uri: 'https://evil.test/' }))
    expect(href).toContain(`${callback}?error=redirect_uri_mismatch&error_description=The+redirect_uri+MUST`)
  })

  test('for a foreign address ends at a page, if any on this machine will do', async () => {
    const forge = createForge('github')
    const params = { client_id: 'forgepass-demo', redirect_uri: 'https://app.test/cb' }
    const url = `https://github.test/login/oauth/authorize?${new URLSearchParams(params)}`
    await expect(forge.visit(url)).rejects.toThrow('MUST match the registered callback')
  })

  test('of an unknown client is a page that is not there', async () => {
    const { forge, authorizeUrl } = startApp()
    await expect(forge.visit(authorizeUrl({ client_id: 'nope' }))).rejects.toThrow('404')
  })

  test('with the plain method comes back with an error', async () => {
    const { forge, authorizeUrl } = startApp()
    const url = await forge.visit(authorizeUrl({ code_challenge_method: 'plain' }))
    expect(url.searchParams.get('error')).toBe('invalid_request')
  })

  test('is asked about until it is agreed to, and again for more', async () => {
    const { forge, winToken } = startApp()
    const asked = () =>
      forge.requests.filter(({ method, path }) => method === 'POST' && /authorize/.test(path))
    for (const scope of ['gist', 'gist', 'gist repo']) await winToken({ scope })
    expect(asked()).toHaveLength(2)
  })

  test('drops scopes that do not exist', async () => {
    expect((await startApp().winToken({ scope: 'repo,nonsense' })).scope).toBe('repo')
  })
})

describe('a token request to GitHub', () => {
  test('may repeat the address, but no other', async () => {
    const { winCode, withCode, post } = startApp()
    const code = await winCode()
    const wrong = await post({ ...withCode(code), redirect_uri: 'https://app.test/other' })
    expect((await wrong.json()).error).toBe('redirect_uri_mismatch')
    expect(await (await post({ ...withCode(code), redirect_uri: callback })).json()).toHaveProperty('scope')
  })

  test('of an OAuth app has no refresh', async () => {
    expect((await (await startApp().refresh('x')).json()).error).toBe('unsupported_grant_type')
    expect(() => createForge('github', { expires_in: 5 })).toThrow('expiring_tokens')
  })

  test('of a GitHub App gets tokens that end, and a refresh token for one use', async () => {
    let now = 0
    const { winToken, refresh, get } = startApp({ expiring_tokens: true, now: () => now })
    const first = await winToken()
    expect(first).toMatchObject({ expires_in: 28_800, refresh_token_expires_in: 15_897_600 })
    expect([first.access_token, first.refresh_token]).toEqual([
      expect.stringMatching(/^ghu_/),
      expect.stringMatching(/^ghr_/),
    ])
    now = 28_800_001
    expect((await get('/user', { authorization: `Bearer ${first.access_token}` })).status).toBe(401)
    const second = await (await refresh(first.refresh_token ?? '')).json()
    expect((await get('/user', { authorization: `Bearer ${second.access_token}` })).status).toBe(200)
    const words = 'The refresh token passed is incorrect or expired.'
    expect(await (await refresh(first.refresh_token ?? '')).json()).toEqual(bad('bad_refresh_token', words))
    now += 15_897_600_001
    expect(await (await refresh(second.refresh_token)).json()).toEqual(bad('bad_refresh_token', words))
  })
})

describe('the API of GitHub', () => {
  test.each(['/user', '/api/v3/user'])('tells the user at %s, by either word for a token', async (path) => {
    const { winToken, get } = startApp()
    const { access_token } = await winToken()
    for (const scheme of ['Bearer', 'token']) {
      const response = await get(path, { authorization: `${scheme} ${access_token}` })
      expect(await response.json()).toMatchObject({ login: 'ada', id: 1, name: 'Ada Okafor', email: null })
      expect(response.headers.get('x-oauth-scopes')).toBe('repo, gist')
    }
  })

  test('tells the e-mail address and private repositories to who may know', async () => {
    const { winToken, get } = startApp()
    const read = async (scope: string, path: string) =>
      (await get(path, { authorization: `Bearer ${(await winToken({ scope })).access_token}` })).json()
    expect((await read('user:email', '/user')).email).toBe('ada@forge.example')
    expect(await read('gist', '/user/repos')).toHaveLength(2)
    expect(await read('repo', '/user/repos')).toHaveLength(3)
  })

  test('refuses a wrong token and none in different words', async () => {
    const { get } = startApp()
    const [wrong, none] = [await get('/user', { authorization: 'Bearer x' }), await get('/user')]
    expect([wrong.status, (await wrong.json()).message]).toEqual([401, 'Bad credentials'])
    expect([none.status, (await none.json()).message]).toEqual([401, 'Requires authentication'])
    expect((await get('/user/nowhere')).status).toBe(404)
    expect((await get('/nowhere')).headers.get('content-type')).toMatch(/html/)
  })

  test('is open to pages of other origins', async () => {
    const { headers } = await startApp().get('/user', { origin: 'https://app.test' })
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-expose-headers')).toContain('X-OAuth-Scopes')
  })

  test('revokes a token of the application that has its secret', async () => {
    const { winToken, get, send } = startApp()
    const { access_token } = await winToken()
    const revoke = async (secret: string) => {
      const headers = {
        authorization: `Basic ${btoa(`${client_id}:${secret}`)}`,
        'content-type': 'application/json',
      }
      const body = JSON.stringify({ access_token })
      return (await send(`/applications/${client_id}/token`, { method: 'DELETE', headers, body })).status
    }
    expect([await revoke('x'), await revoke(client_secret), await revoke(client_secret)]).toEqual([
      404, 204, 422,
    ])
    expect((await get('/user', { authorization: `Bearer ${access_token}` })).status).toBe(401)
  })
})
