import { describe, expect, test } from 'vitest'
import { confidentialClient, invalidClient, invalidGrant, redirect_uri, startApp } from './app.ts'

const challengeOf = (error: string, description: string) =>
  `Bearer realm="Doorkeeper", error="${error}", error_description="${description}"`

async function expectError(
  response: Response,
  expected: { status: number; error: string; description: string },
) {
  const { status, error, description } = expected
  expect(response.status).toBe(status)
  expect(response.headers.get('www-authenticate')).toBe(challengeOf(error, description))
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(await response.text()).toBe(JSON.stringify({ error, error_description: description }))
}

const refusedGrant = { status: 400, error: 'invalid_grant', description: invalidGrant }

describe('the GitLab emulator answers as the transcripts say', () => {
  test('G1: a code with its PKCE verifier becomes a token', async () => {
    const { winCode, exchange } = startApp({ now: () => 1_607_635_748_900 })
    const response = await exchange({ code: await winCode() })
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toEqual({
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-origin': '*',
      'access-control-max-age': '7200',
      'cache-control': 'no-store, no-cache',
      'content-type': 'application/json; charset=utf-8',
      pragma: 'no-cache',
      vary: 'Origin',
    })
    expect(await response.text()).toMatch(
      /^\{"access_token":"[0-9a-f]{64}","token_type":"Bearer","expires_in":7200,"refresh_token":"[0-9a-f]{64}","scope":"read_user","created_at":1607635748\}$/,
    )
  })

  test('G2: a used code is an invalid grant, and the first token lives on', async () => {
    const { winCode, exchange, readUser } = startApp()
    const code = await winCode()
    const { access_token } = await (await exchange({ code })).json()
    await expectError(await exchange({ code }), refusedGrant)
    expect((await readUser(access_token)).status).toBe(200)
  })

  test('G2: a wrong verifier is an invalid grant, and leaves the code usable', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode()
    await expectError(await exchange({ code, code_verifier: 'x'.repeat(43) }), refusedGrant)
    expect((await exchange({ code })).status).toBe(200)
  })

  test('G2: another redirect_uri is an invalid grant', async () => {
    const { winCode, exchange } = startApp()
    await expectError(
      await exchange({ code: await winCode(), redirect_uri: `${redirect_uri}/` }),
      refusedGrant,
    )
  })

  test('G3: a wrong secret is an invalid client', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ client_id: 'server' })
    const response = await exchange({ code, client_id: 'server', client_secret: 'wrong' })
    await expectError(response, { status: 401, error: 'invalid_client', description: invalidClient })
  })

  test('G4: a code with a challenge needs the verifier', async () => {
    const { winCode, exchange } = startApp()
    const response = await exchange({ code: await winCode(), code_verifier: '' })
    const description = 'Missing required parameter: code_verifier.'
    await expectError(response, { status: 400, error: 'invalid_request', description })
  })

  test('G4: an unknown grant is unsupported', async () => {
    const { post } = startApp()
    for (const grant_type of ['urn:example:magic', 'toString']) {
      const response = await post('/oauth/token', { grant_type, client_id: 'spa' })
      const description = 'The authorization grant type is not supported by the authorization server.'
      await expectError(response, { status: 400, error: 'unsupported_grant_type', description })
    }
  })

  test('G4: the password grant is switched off for every application', async () => {
    const { post } = startApp()
    const form = { grant_type: 'password', username: 'ada', password: 'ada-lantern', client_id: 'spa' }
    const description = 'The client is not authorized to perform this request using this method.'
    await expectError(await post('/oauth/token', form), {
      status: 401,
      error: 'unauthorized_client',
      description,
    })
  })

  test('G5: a bad scope shows a page and redirects nowhere', async () => {
    const { forge, authorizeUrl } = startApp()
    await expect(forge.visit(authorizeUrl({ scope: 'read_minds' }))).rejects.toThrow(
      'An error has occurred The requested scope is invalid, unknown, or malformed.',
    )
    expect(forge.requests.at(-1)).toMatchObject({ method: 'GET', path: '/oauth/authorize', status: 200 })
  })

  test('G5: denying redirects with the error, its description and the state', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl(), { decision: 'deny' })
    expect(href).toBe(
      `${redirect_uri}?error=access_denied&error_description=The+resource+owner+or+authorization+server+denied+the+request.&state=S`,
    )
    expect(forge.requests.at(-1)).toMatchObject({ method: 'DELETE', status: 302 })
  })

  test('G6: a refresh token works once', async () => {
    const { winToken, refresh } = startApp()
    const { refresh_token = '' } = await winToken()
    expect((await refresh(refresh_token)).status).toBe(200)
    await expectError(await refresh(refresh_token), refusedGrant)
  })

  test('G6: revoking answers an empty object, and 403 to the wrong client', async () => {
    const { winCode, exchange, post } = startApp()
    const server = pick(confidentialClient)
    const code = await winCode({ client_id: 'server' })
    const { access_token: token } = await (await exchange({ code, ...server })).json()
    const refused = await post('/oauth/revoke', { token, client_id: 'spa' })
    expect(refused.status).toBe(403)
    expect(await refused.text()).toBe(
      '{"error":"unauthorized_client","error_description":"You are not authorized to revoke this token"}',
    )
    const revoked = await post('/oauth/revoke', { token, ...server })
    expect([revoked.status, await revoked.text()]).toEqual([200, '{}'])
  })

  test('G6: the API tells that a token is expired', async () => {
    let now = 0
    const { winToken, readUser } = startApp({ now: () => now })
    const { access_token = '' } = await winToken()
    now = 7_200_001
    const response = await readUser(access_token)
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({
      error: 'invalid_token',
      error_description: 'Token is expired. You can either do re-authorization or token refresh.',
    })
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="Protected by OAuth 2.0", error="invalid_token"/,
    )
  })
})

const pick = ({ client_id, client_secret = '' }: { client_id: string; client_secret?: string }) => ({
  client_id,
  client_secret,
})
