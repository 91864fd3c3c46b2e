import { describe, expect, test } from 'vitest'
import { bad, client, startApp } from './github-app.ts'

const badCode = bad('bad_verification_code', 'The code passed is incorrect or expired.')

describe('the GitHub emulator answers as the transcripts say', () => {
  test('H1: a code becomes a token, in JSON for who asks for it', async () => {
    const { winCode, withCode, post } = startApp()
    const response = await post(withCode(await winCode()))
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.text()).toMatch(
      /^\{"access_token":"gho_\w{36}","scope":"repo,gist","token_type":"bearer"\}$/,
    )
  })

  test('H1: and in a form for anyone else', async () => {
    const { winCode, withCode, post } = startApp()
    const response = await post(withCode(await winCode()), {})
    expect(response.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
    expect(await response.text()).toMatch(/^access_token=gho_\w{36}&scope=repo%2Cgist&token_type=bearer$/)
  })

  test('H1: the token endpoint answers no other origin', async () => {
    const { winCode, withCode, post, send } = startApp()
    const asked = { origin: 'https://app.test', 'access-control-request-method': 'POST' }
    const preflight = await send('/login/oauth/access_token', { method: 'OPTIONS', headers: asked })
    const read = await post(withCode(await winCode()), { origin: 'https://app.test' })
    for (const response of [preflight, read])
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('H2: a wrong, used, expired or foreign code, or a wrong verifier, is told with status 200', async () => {
    let now = 0
    const other = { ...client, client_id: 'other' }
    const { winCode, withCode, post } = startApp({ clients: [client, other], now: () => now })
    const foreign = await winCode({ client_id: 'other' })
    const [used, late, spoilt] = [await winCode(), await winCode(), await winCode()]
    await post(withCode(used))
    const answers = [
      await post(withCode('x')),
      await post(withCode(used)),
      await post(withCode(foreign)),
      await post({ ...withCode(spoilt), code_verifier: 'x' }),
    ]
    now = 600_001
    for (const response of [...answers, await post(withCode(late))])
      expect([response.status, await response.json()]).toEqual([200, badCode])
  })

  test.each([
    ['a wrong secret', { client_secret: 'x' }],
    ['no secret, PKCE or not', { client_secret: '' }],
    ['an unknown client', { client_id: 'nope' }],
  ])('H3: %s is told with status 200', async (_, changes) => {
    const { winCode, withCode, post } = startApp()
    const response = await post({ ...withCode(await winCode()), ...changes })
    const words = 'The client_id and/or client_secret passed are incorrect.'
    expect([response.status, await response.json()]).toEqual([
      200,
      bad('incorrect_client_credentials', words),
    ])
  })

  test('H3: in a form, too', async () => {
    const response = await startApp().post({ client_id: 'nope' }, {})
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(
      /^error=incorrect_client_credentials&error_description=The\+client_id\+and%2For\+client_secret\+passed\+are\+incorrect\.&error_uri=https/,
    )
  })

  test('H4: denying leads back with an error, its description and its page, and no iss', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl(), { decision: 'deny' })
    expect(href).toMatch(
      /\?error=access_denied&error_description=The\+user\+has\+denied\+your\+application\+access\.&error_uri=https[^&]+&state=xyz$/,
    )
  })

  test('H5: agreeing leads back with a code, the state, and who gave it', async () => {
    const { forge, authorizeUrl } = startApp()
    expect((await forge.visit(authorizeUrl())).href).toMatch(
      /\/auth\/callback\?code=\w+&state=xyz&iss=https%3A%2F%2Fgithub\.test%2Fforge%2Flogin%2Foauth$/,
    )
  })

  test('H5: its metadata names that issuer', async () => {
    const { base, get } = startApp()
    const response = await get('/.well-known/oauth-authorization-server/login/oauth')
    expect(await response.json()).toMatchObject({
      issuer: `${base}/login/oauth`,
      token_endpoint: `${base}/login/oauth/access_token`,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    })
  })
})
