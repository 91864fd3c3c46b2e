import { describe, expect, test } from 'vitest'
import { confidentialClient, redirect_uri, startApp } from './app.ts'

const server = { client_id: 'server', client_secret: confidentialClient.client_secret ?? '' }

/** Signs Ada in; gives what a form of hers needs. */
async function signIn({ forge, base }: ReturnType<typeof startApp>) {
  let cookie = ''
  const send = async (path: string, form?: Record<string, string>) => {
    const body = form && { method: 'POST', body: new URLSearchParams(form) }
    const response = await forge.fetch(new Request(base + path, { ...body, headers: { cookie } }))
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }
  const readToken = async () =>
    /name="authenticity_token" value="(\w+)"/.exec(await (await send('/users/sign_in')).text())?.[1] ?? ''
  const ada = { 'user[login]': 'ada', 'user[password]': 'ada-lantern' }
  await send('/users/sign_in', { ...ada, authenticity_token: await readToken() })
  const authenticity_token = await readToken()
  return (form: Record<string, string>) => send('/oauth/authorize', { ...form, authenticity_token })
}

describe('an answer to a question that was never asked', () => {
  const asked = { client_id: 'spa', redirect_uri, response_type: 'code', scope: 'read_user', state: 'S' }

  test('is refused to the application where the address is its own', async () => {
    const answer = await signIn(startApp())
    const response = await answer({ ...asked, scope: 'read_minds' })
    expect([response.status, response.headers.get('location')]).toEqual([
      302,
      `${redirect_uri}?error=invalid_scope&error_description=The+requested+scope+is+invalid%2C+unknown%2C+or+malformed.&state=S`,
    ])
  })

  test.each([
    [{ redirect_uri: 'https://else.test/' }, 400, 'invalid_redirect_uri'],
    [{ client_id: 'nobody' }, 401, 'invalid_client'],
    [{ client_id: '' }, 400, 'invalid_request'],
  ])('is refused there where it is not: %o', async (changes, status, error) => {
    const answer = await signIn(startApp())
    const response = await answer({ ...asked, ...changes })
    expect([response.status, response.headers.get('location')]).toEqual([status, null])
    expect(await response.json()).toMatchObject({ error, state: 'S' })
  })

  test('sends nobody to a stranger who denies', async () => {
    const answer = await signIn(startApp())
    const response = await answer({ ...asked, _method: 'DELETE', redirect_uri: 'https://else.test/' })
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
  })
})

describe('the engine’s own ways', () => {
  test('it resolves no dots in an address', async () => {
    const { forge, authorizeUrl } = startApp()
    const dotted = 'https://app.test/x/../callback'
    await expect(forge.visit(authorizeUrl({ redirect_uri: dotted }))).rejects.toThrow('redirect uri')
  })

  test('it counts a scope once, however often and widely it is written', async () => {
    const { winToken } = startApp()
    expect((await winToken({ scope: ' read_user  read_api read_user' })).scope).toBe('read_user read_api')
  })

  test('it takes a parameter of the query before that of the form', async () => {
    const { post } = startApp()
    const response = await post('/oauth/token?grant_type=magic', { grant_type: 'authorization_code' })
    expect((await response.json()).error).toBe('unsupported_grant_type')
  })

  test('it knows Basic by its capital letter alone', async () => {
    const { winCode, post } = startApp()
    const code = await winCode({ client_id: 'server', code_challenge: '', code_challenge_method: '' })
    const form = { grant_type: 'authorization_code', redirect_uri, code }
    const credentials = btoa(`server:${server.client_secret}`)
    const refused = await post('/oauth/token', form, { authorization: `basic ${credentials}` })
    expect(refused.status).toBe(401)
    const taken = await post('/oauth/token', form, { authorization: `Basic ${credentials}` })
    expect(taken.status).toBe(200)
  })

  test.each([
    [{ grant_type: 'magic' }, 'S'],
    [{ grant_type: '' }, 'S'],
    [{ code: '' }, 'S'],
    [{ redirect_uri: '' }, undefined],
    [{ client_id: 'nobody' }, undefined],
  ])('it repeats the state of what no grant took: %o', async (changes, state) => {
    const { winCode, exchange } = startApp()
    const response = await exchange({ code: await winCode(), state: 'S', ...changes })
    expect((await response.json()).state).toBe(state)
  })

  test('it narrows a refresh by scopes too', async () => {
    const { winToken, refresh } = startApp()
    const { refresh_token = '' } = await winToken({ scope: 'read_user read_api' })
    const response = await refresh(refresh_token, { client_id: 'spa', scopes: 'read_api' })
    expect((await response.json()).scope).toBe('read_api')
  })

  test('it says as Rails does how long an answer may be kept', async () => {
    const { winToken, post, get } = startApp()
    const { access_token = '' } = await winToken()
    const kept = async (response: Promise<Response>) => (await response).headers.get('cache-control')
    const authorization = `Bearer ${access_token}`
    const revalidated = 'max-age=0, private, must-revalidate'
    expect(await kept(get('/oauth/token/info', { authorization }))).toBe(revalidated)
    expect(await kept(get('/api/v4/user', { authorization }))).toBe(revalidated)
    expect(await kept(post('/oauth/revoke', { token: access_token }))).toBe('no-cache')
    expect(await kept(post('/oauth/revoke', { token: access_token, client_id: 'spa' }))).toBe(revalidated)
    expect(await kept(post('/oauth/token', {}))).toBe('no-store, no-cache')
  })
})

describe('revocation', () => {
  test('of what a public client holds is open to any client', async () => {
    const { winToken, post, readUser } = startApp()
    const { access_token = '' } = await winToken()
    expect((await post('/oauth/revoke', { token: access_token, ...server })).status).toBe(200)
    expect((await readUser(access_token)).status).toBe(401)
  })

  test.each([
    ['access_token', 'refresh_token', 200],
    ['access_token', 'access_token', 401],
    ['refresh_token', 'access_token', 401],
    ['refresh_token', 'refresh_token', 401],
  ])('of the %s with the hint %s leaves the API at %d', async (half, token_type_hint, status) => {
    const { winToken, post, readUser } = startApp()
    const pair = await winToken()
    await post('/oauth/revoke', { token: `${pair[half]}`, token_type_hint, client_id: 'spa' })
    expect((await readUser(`${pair.access_token}`)).status).toBe(status)
  })

  test('of a refresh token works when the access token has run out, the other way round it does not', async () => {
    let now = 0
    const { winToken, post, refresh } = startApp({ now: () => now })
    const [one, two] = [await winToken(), await winToken()]
    now = 7_201_000
    await post('/oauth/revoke', { token: `${one.refresh_token}`, client_id: 'spa' })
    await post('/oauth/revoke', { token: `${two.access_token}`, client_id: 'spa' })
    expect((await refresh(`${one.refresh_token}`)).status).toBe(400)
    expect((await refresh(`${two.refresh_token}`)).status).toBe(200)
  })
})

describe('userinfo', () => {
  test('says in the header alone what is wrong with a token', async () => {
    let now = 0
    const { forge, winToken, get } = startApp({ now: () => now })
    const { access_token } = await winToken({ scope: 'openid' })
    const ask = async (authorization: string) => {
      const response = await get('/oauth/userinfo', { authorization })
      expect([response.status, response.headers.get('content-type')]).toEqual([401, 'text/html'])
      expect(await response.text()).toBe('')
      return /error_description="(.*)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1]
    }
    expect(await ask('Bearer nonsense')).toBe('The access token is invalid')
    now = 7_201_000
    expect(await ask(`Bearer ${access_token}`)).toBe('The access token expired')
    forge.revokeAll()
    expect(await ask(`Bearer ${access_token}`)).toBe('The access token was revoked')
  })
})
