import { describe, expect, test } from 'vitest'
import { challenge, confidentialClient, redirect_uri, startApp, verifier } from './app.ts'

const secret = confidentialClient.client_secret ?? ''

describe('row 3: the token endpoint takes its parameters', () => {
  test.each(['form', 'JSON', 'query'])('as %s', async (kind) => {
    const { forge, base, winCode } = startApp()
    const code = await winCode()
    const fields = {
      client_id: 'spa',
      grant_type: 'authorization_code',
      redirect_uri,
      code_verifier: verifier,
      code,
    }
    const form = new URLSearchParams(fields)
    const requests: Record<string, () => Request> = {
      form: () => new Request(`${base}/oauth/token`, { method: 'POST', body: form }),
      JSON: () =>
        new Request(`${base}/oauth/token`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(fields),
        }),
      query: () => new Request(`${base}/oauth/token?${form}`, { method: 'POST' }),
    }
    const request = requests[kind]
    expect(request && (await forge.fetch(request())).status).toBe(200)
  })

  test('and answers a malformed body with 400', async () => {
    const { forge, base } = startApp()
    const headers = { 'content-type': 'application/json' }
    const response = await forge.fetch(
      new Request(`${base}/oauth/token`, { method: 'POST', headers, body: '{' }),
    )
    expect(response.status).toBe(400)
  })
})

describe('row 4: client authentication', () => {
  const basic = (id: string, password: string) => ({ authorization: `Basic ${btoa(`${id}:${password}`)}` })
  const form = { grant_type: 'authorization_code', redirect_uri, code_verifier: verifier }

  test('takes a raw Basic header', async () => {
    const { winCode, post } = startApp()
    const code = await winCode({ client_id: 'server' })
    expect((await post('/oauth/token', { ...form, code }, basic('server', secret))).status).toBe(200)
  })

  test('does not decode a form-encoded Basic header', async () => {
    const { winCode, post } = startApp()
    const code = await winCode({ client_id: 'server' })
    const encoded = basic('server', 'gloas%2Ds%5Fe%2Ecret')
    expect((await post('/oauth/token', { ...form, code }, encoded)).status).toBe(401)
  })

  test('takes the secret in the body, and needs it from a confidential client', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ client_id: 'server' })
    expect((await exchange({ code, client_id: 'server' })).status).toBe(401)
    expect((await exchange({ code, client_id: 'server', client_secret: secret })).status).toBe(200)
  })
})

describe('row 5: PKCE', () => {
  test('may be left out', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ code_challenge: '', code_challenge_method: '' })
    expect((await exchange({ code, code_verifier: '' })).status).toBe(200)
  })

  test('does not accept a verifier where no challenge was sent', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ code_challenge: '', code_challenge_method: '' })
    expect((await exchange({ code })).status).toBe(400)
  })

  test('has the plain method', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode({ code_challenge: verifier, code_challenge_method: 'plain' })
    expect((await exchange({ code, code_verifier: challenge })).status).toBe(400)
    expect((await exchange({ code })).status).toBe(200)
  })
})

describe('row 8: refresh', () => {
  test('ends the old access token at once, and gives a new pair', async () => {
    const { winToken, refresh, readUser } = startApp()
    const old = await winToken()
    const fresh = await (await refresh(`${old.refresh_token}`)).json()
    expect(fresh.refresh_token).not.toBe(old.refresh_token)
    expect((await readUser(`${old.access_token}`)).status).toBe(401)
    expect((await readUser(fresh.access_token)).status).toBe(200)
  })

  test('revokes nothing else when an old refresh token comes again', async () => {
    const { winToken, refresh, readUser } = startApp()
    const { refresh_token = '' } = await winToken()
    const fresh = await (await refresh(refresh_token)).json()
    expect((await refresh(refresh_token)).status).toBe(400)
    expect((await readUser(fresh.access_token)).status).toBe(200)
  })

  test('needs the client: none is an invalid grant, a confidential one without secret an invalid client', async () => {
    const { winToken, winCode, exchange, refresh } = startApp()
    const { refresh_token = '' } = await winToken()
    const nameless = await refresh(refresh_token, {})
    expect([nameless.status, (await nameless.json()).error]).toEqual([400, 'invalid_grant'])
    const code = await winCode({ client_id: 'server' })
    const own = await (await exchange({ code, client_id: 'server', client_secret: secret })).json()
    const bare = await refresh(own.refresh_token, { client_id: 'server' })
    expect([bare.status, (await bare.json()).error]).toEqual([401, 'invalid_client'])
  })

  test('may narrow the scope and not widen it', async () => {
    const { winToken, refresh } = startApp()
    const { refresh_token = '' } = await winToken({ scope: 'read_user read_api' })
    const wide = await refresh(refresh_token, { client_id: 'spa', scope: 'api' })
    expect((await wide.json()).error).toBe('invalid_scope')
    const narrow = await refresh(refresh_token, { client_id: 'spa', scope: 'read_api' })
    expect((await narrow.json()).scope).toBe('read_api')
  })

  test('ignores the redirect_uri of GitLab’s own documentation, and works after the access token has expired', async () => {
    let now = 0
    const { winToken, refresh } = startApp({ now: () => now })
    const { refresh_token = '' } = await winToken()
    now = 86_400_000
    expect(
      (await refresh(refresh_token, { client_id: 'spa', redirect_uri: 'https://else.test' })).status,
    ).toBe(200)
  })
})

describe('row 10: token errors', () => {
  test.each([
    [{ grant_type: '' }, 400, 'Missing required parameter: grant_type.'],
    [{ code: '' }, 400, 'Missing required parameter: code.'],
    [
      { code_verifier: '', redirect_uri: '', client_id: 'nobody' },
      400,
      'Missing required parameter: code_verifier.',
    ],
    [{ redirect_uri: '', client_id: 'nobody' }, 400, 'Missing required parameter: redirect_uri.'],
    [{ client_id: 'nobody', redirect_uri: 'https://else.test' }, 401, 'Client authentication failed'],
    [{ redirect_uri: 'https://else.test' }, 400, 'The provided authorization grant is invalid'],
    [{ code: 'f'.repeat(64) }, 400, 'The provided authorization grant is invalid'],
  ])('come in Doorkeeper’s order: %o', async (changes, status, words) => {
    const { winCode, exchange } = startApp()
    const response = await exchange({ code: await winCode(), ...changes })
    expect([response.status, (await response.json()).error_description]).toEqual([
      status,
      expect.stringContaining(words),
    ])
    expect(response.headers.has('www-authenticate')).toBe(true)
  })
})
