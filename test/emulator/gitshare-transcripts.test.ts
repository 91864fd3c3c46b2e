import { describe, expect, test } from 'vitest'
import { callback, client, startApp } from './gitshare-app.ts'

const tell = async (response: Response) => [response.status, await response.text()]
const badGrant = [400, '{"error": "invalid_grant"}']

describe('the GitShare emulator answers as the transcripts say', () => {
  test('S1: a code becomes a token, in JSON with spaces', async () => {
    const { winCode, withCode, post } = startApp()
    const response = await post(withCode(await winCode()))
    expect(response.status).toBe(200)
    const { headers } = response
    expect(headers.get('content-type')).toBe('application/json')
    expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(await response.text()).toMatch(
      /^\{"access_token": "\w{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "read write", "refresh_token": "\w{30}"\}$/,
    )
  })

  test('S1: by its own page without a grant_type', async () => {
    const { winCode, withCode, post } = startApp({ profile: 'documented' })
    expect((await post({ ...withCode(await winCode()), grant_type: '' })).status).toBe(200)
  })

  test('S2: a wrong, used, expired or foreign code is an invalid grant', async () => {
    let now = 0
    const other = { ...client, client_id: 'other' }
    const { winCode, withCode, post } = startApp({ clients: [client, other], now: () => now })
    const [used, late, foreign] = [await winCode(), await winCode(), await winCode({ client_id: 'other' })]
    await post(withCode(used))
    const answers = [await post(withCode('x')), await post(withCode(used)), await post(withCode(foreign))]
    now = 60_001
    for (const response of [...answers, await post(withCode(late))])
      expect(await tell(response)).toEqual(badGrant)
  })

  test('S2: a refresh gives a new pair, and the old one is an invalid grant', async () => {
    const { winToken, refresh, get } = startApp()
    const { access_token, refresh_token = '' } = await winToken()
    const renewed = await (await refresh(refresh_token)).json()
    expect(renewed.refresh_token).not.toBe(refresh_token)
    expect(await tell(await refresh(refresh_token))).toEqual(badGrant)
    expect(await tell(await refresh('x'))).toEqual(badGrant)
    expect((await get('/api/2/whoami/', { authorization: `Bearer ${access_token}` })).status).toBe(401)
  })

  test.each([
    ['a wrong secret', { client_secret: 'x' }],
    ['no secret', { client_secret: '' }],
    ['an unknown client', { client_id: 'nope' }],
  ])('S3: %s is an invalid client, with a challenge', async (_, changes) => {
    const { winCode, withCode, post } = startApp()
    const response = await post({ ...withCode(await winCode()), ...changes })
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_client"')
    expect(await tell(response)).toEqual([401, '{"error": "invalid_client"}'])
  })

  test('S4: another redirect_uri does not fit', async () => {
    const { winCode, withCode, post } = startApp()
    for (const redirect_uri of ['https://app.test/other', ''])
      expect(await tell(await post({ ...withCode(await winCode()), redirect_uri }))).toEqual([
        400,
        '{"error": "invalid_request", "error_description": "Mismatching redirect URI."}',
      ])
  })

  test('S4: JSON, and a form that does not say its grant_type, are of no supported type', async () => {
    const { winCode, withCode, post, send } = startApp()
    const form = withCode(await winCode())
    const headers = { 'content-type': 'application/json' }
    const answers = [
      await send('/oauth2/token/', { headers, body: JSON.stringify(form) }),
      await post({ ...form, grant_type: '' }),
      await post({ ...form, grant_type: 'password' }),
    ]
    for (const response of answers)
      expect(await tell(response)).toEqual([400, '{"error": "unsupported_grant_type"}'])
  })

  test('S5: any query is refused, in JSON that says it is HTML', async () => {
    const { winCode, withCode, send } = startApp()
    const body = new URLSearchParams(withCode(await winCode()))
    const response = await send('/oauth2/token/?x=1', { body })
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await tell(response)).toEqual([
      400,
      '{"error": "invalid_request", "error_description": "URL query parameters are not allowed"}',
    ])
  })

  test.each([
    ['POST', '/oauth2/token'],
    ['GET', '/oauth2/authorize'],
  ])('S5: %s %s without its slash is not there', async (method, path) => {
    const { send, get } = startApp()
    const response = method === 'GET' ? await get(path) : await send(path, {})
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  })

  test('S6: agreeing leads back by 302 with a code and the state', async () => {
    const { forge, authorizeUrl } = startApp()
    expect((await forge.visit(authorizeUrl())).href).toMatch(
      /^https:\/\/app\.test\/auth\/callback\?code=\w+&state=S$/,
    )
    expect(forge.requests.at(-1)).toMatchObject({ path: '/oauth2/authorize/', status: 302 })
  })

  test('S6: denying leads back without a description', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl(), { decision: 'deny' })
    expect(href).toBe(`${callback}?error=access_denied&state=S`)
  })

  test.each([
    ['an unknown client', { client_id: 'nope' }, 'Invalid client_id parameter value.'],
    ['no client', { client_id: '' }, 'Missing client_id parameter.'],
    ['a foreign address', { redirect_uri: 'https://evil.test/' }, 'Mismatching redirect URI.'],
  ])('S6: %s gets a page with status 400, and nobody comes back', async (_, changes, words) => {
    const { forge, authorizeUrl } = startApp()
    await expect(forge.visit(authorizeUrl(changes))).rejects.toThrow(words)
    expect(forge.requests.at(-1)?.status).toBe(400)
  })

  test.each([
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { response_type: '' }],
    ['invalid_scope', { scope: 'read everything' }],
  ])('S6: other faults come back as %s', async (error, changes) => {
    const { forge, authorizeUrl } = startApp()
    expect((await forge.visit(authorizeUrl(changes))).href).toBe(`${callback}?error=${error}&state=S`)
  })
})
