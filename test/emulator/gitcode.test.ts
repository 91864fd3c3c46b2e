import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { callback, client, startApp } from './gitcode-app.ts'

const { client_id, client_secret = '' } = client
const allScopes = 'all_user all_key all_groups all_projects all_pr all_issue all_note all_hook all_repository'

describe('the GitCode emulator answers as the transcripts say', () => {
  const now = () => Date.parse('2024-04-20T09:07:59.889Z')
  const answer =
    /^\{"access_token":"[\w-]{24}","expires_in":1296000,"refresh_token":"[0-9a-f]{32}","scope":"all_user","created_at":"2024-04-20T09:07:59\.889Z"\}$/

  test.each([
    ['a form', { body: new URLSearchParams({ client_secret }) }],
    ['form data', { body: formData({ client_secret }) }],
    ['JSON', { body: JSON.stringify({ client_secret }), headers: { 'content-type': 'application/json' } }],
  ])('C1: a code in the address and the secret in %s become a token without a type', async (_, init) => {
    const { winCode, post } = startApp({ now })
    const query = { grant_type: 'authorization_code', code: await winCode(), client_id }
    const response = await post(query, init)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.text()).toMatch(answer)
  })

  test('C1: everything in the body will do too, with a redirect_uri', async () => {
    const { winCode, post } = startApp()
    const form = { grant_type: 'authorization_code', code: await winCode(), client_id, client_secret }
    const body = new URLSearchParams({ ...form, redirect_uri: callback })
    expect((await post({}, { body })).status).toBe(200)
  })

  test('C1: without a scope every scope is granted', async () => {
    const { winToken } = startApp()
    expect((await winToken({ scope: '' })).scope).toBe(allScopes)
  })

  test('C1: the token endpoint answers no other origin', async () => {
    const { winCode, post, forge, base } = startApp()
    const headers = { origin: 'https://app.test', 'access-control-request-method': 'POST' }
    const preflight = await forge.fetch(new Request(`${base}/oauth/token`, { method: 'OPTIONS', headers }))
    const query = { grant_type: 'authorization_code', code: await winCode(), client_id, client_secret }
    const read = await post(query, { headers: { origin: 'https://app.test' } })
    expect(read.status).toBe(200)
    for (const response of [preflight, read])
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('C2: a refresh token alone, in the address and without a body, becomes a new pair', async () => {
    const { winToken, refresh } = startApp({ now })
    const { refresh_token = '' } = await winToken()
    const response = await refresh(refresh_token)
    expect([response.status, await response.clone().text()]).toEqual([200, expect.stringMatching(answer)])
    expect((await response.json()).refresh_token).not.toBe(refresh_token)
  })

  test('C2: assumed: a refresh ends the pair before', async () => {
    const { winToken, refresh, get } = startApp()
    const { access_token, refresh_token = '' } = await winToken()
    await refresh(refresh_token)
    expect((await refresh(refresh_token)).status).toBe(400)
    expect((await get('/api/v5/user', { authorization: `Bearer ${access_token}` })).status).toBe(401)
  })

  test('C3: assumed: a wrong, used, expired or foreign code is an invalid grant', async () => {
    let time = 0
    const other = { ...client, client_id: 'other' }
    const { winCode, exchange } = startApp({ now: () => time, clients: [client, other] })
    const [used, late, foreign] = [await winCode(), await winCode(), await winCode({ client_id: 'other' })]
    await exchange(used)
    const answers = [await exchange('x'), await exchange(used), await exchange(foreign)]
    time = 600_001
    for (const response of [...answers, await exchange(late)]) {
      expect(response.status).toBe(400)
      expect(await response.json()).toEqual({
        error: 'invalid_grant',
        error_description: expect.stringContaining('code'),
      })
    }
  })

  test('C3: or a message alone', async () => {
    const response = await startApp({ errors: 'message' }).exchange('x')
    expect([response.status, await response.text()]).toEqual([401, '{"message":"401 Unauthorized"}'])
  })

  test.each(['', 'wrong'])('C4: assumed: the secret "%s" is an invalid client', async (secret) => {
    const { winCode, exchange } = startApp()
    const response = await exchange(await winCode(), secret)
    expect([response.status, await response.text()]).toEqual([401, '{"error":"invalid_client"}'])
  })

  test('C4: or the page of a gateway', async () => {
    const response = await startApp({ errors: 'html' }).exchange('x')
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html'])
  })

  test('C5: the user has an id of 24 digits, and may have neither picture nor e-mail address', async () => {
    const users = [{ username: 'yinlin', password: 'p', name: 'yinlin-昵称', email: '' }]
    const { winToken, get } = startApp({ users })
    const response = await get('/api/v5/user', { authorization: `Bearer ${(await winToken()).access_token}` })
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(
      /^\{"avatar_url":null,"html_url":"https:\/\/gitcode\.test\/forge\/yinlin","id":"[0-9a-f]{24}","login":"yinlin","name":"yinlin-昵称","type":"User","email":""\}$/,
    )
  })

  test('C5: a wrong token is told in a message', async () => {
    const response = await startApp().get('/api/v5/user', { authorization: 'Bearer x' })
    expect([response.status, await response.text()]).toEqual([401, '{"message":"401 Unauthorized"}'])
  })
})

function formData(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

describe('an authorization request to GitCode', () => {
  test('leads back by 302 with a code and the state, and no iss', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl())
    expect(href).toMatch(/^https:\/\/app\.test\/auth\/callback\?code=[0-9a-f]{64}&state=S$/)
    expect(forge.requests.at(-1)).toMatchObject({ method: 'POST', path: '/oauth/authorize', status: 302 })
  })

  test('that is denied says so, and one for another response_type comes back with an error', async () => {
    const { forge, authorizeUrl } = startApp()
    const denied = await forge.visit(authorizeUrl(), { decision: 'deny' })
    expect(denied.href).toBe(`${callback}?error=access_denied&state=S`)
    const other = await forge.visit(authorizeUrl({ response_type: 'token' }))
    expect(other.href).toBe(`${callback}?error=unsupported_response_type&state=S`)
  })

  test.each([
    ['of an unknown client', { client_id: 'nope' }, 'no application with this client_id'],
    ['to a foreign address', { redirect_uri: 'https://evil.test/' }, 'The redirect_uri is not'],
    ['without an address', { redirect_uri: '' }, 'The redirect_uri is not'],
  ])('%s never comes back', async (_, changes, words) => {
    const { forge, authorizeUrl } = startApp()
    await expect(forge.visit(authorizeUrl(changes))).rejects.toThrow(words)
  })
})

describe('the API of GitCode', () => {
  test.each(['bearer', 'PRIVATE-TOKEN', 'query'])('takes a token by %s', async (way) => {
    const { winToken, get } = startApp()
    const { access_token = '' } = await winToken()
    const ways: Record<string, () => Promise<Response>> = {
      bearer: () => get('/api/v5/user', { authorization: `Bearer ${access_token}` }),
      'PRIVATE-TOKEN': () => get('/api/v5/user', { 'private-token': access_token }),
      query: () => get(`/api/v5/user?access_token=${access_token}`),
    }
    expect((await ways[way]?.())?.status).toBe(200)
  })

  test('ends with the token, lists repositories, and knows no other path', async () => {
    let time = 0
    const { winToken, get } = startApp({ now: () => time })
    const headers = { authorization: `Bearer ${(await winToken()).access_token}` }
    expect(await (await get('/api/v5/user/repos', headers)).json()).toHaveLength(3)
    expect((await get('/api/v5/nowhere', headers)).status).toBe(404)
    expect((await get('/nowhere')).headers.get('content-type')).toMatch(/html/)
    time = 1_296_000_001
    expect((await get('/api/v5/user', headers)).status).toBe(401)
  })
})

test('GitCode knows no application without a secret, nor a grant without a name', async () => {
  const open = { client_id: 'open', name: 'Open', redirect_uris: [callback] }
  expect(() => createForge('gitcode', { clients: [open] })).toThrow('without a secret: "open"')
  expect((await (await startApp().post({})).json()).error).toBe('unsupported_grant_type')
})
