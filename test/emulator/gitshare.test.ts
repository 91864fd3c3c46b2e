import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { callback, client, startApp } from './gitshare-app.ts'

const { client_id, client_secret = '' } = client

describe('an authorization request to GitShare without an address', () => {
  const unaddressed = { redirect_uri: '' }

  test('ends at a page that shows the verifier, which a visit gives as a code of that page', async () => {
    const { forge, base, authorizeUrl } = startApp()
    const url = await forge.visit(authorizeUrl(unaddressed))
    expect(url.href.split('?')[0]).toBe(`${base}/oauth2/authorize/`)
    expect(url.searchParams.get('code')).toMatch(/^\w{64}$/)
    expect(forge.requests.at(-1)).toMatchObject({ path: '/oauth2/authorize/', status: 200 })
  })

  test.each(['', callback])(
    'gives a token for that verifier with the redirect_uri "%s"',
    async (redirect_uri) => {
      const { winCode, withCode, post } = startApp()
      const form = { ...withCode(await winCode(unaddressed)), redirect_uri }
      expect((await post(form)).status).toBe(200)
    },
  )

  test('gives none with the address of another', async () => {
    const { winCode, withCode, post } = startApp()
    const form = { ...withCode(await winCode(unaddressed)), redirect_uri: 'https://evil.test/' }
    expect((await post(form)).status).toBe(400)
  })

  test.each([
    ['that is denied', {}, 'You have not let the application in.'],
    ['for another response_type', { response_type: 'token' }, 'must be code'],
  ])('%s ends at a page that says so', async (_, changes, words) => {
    const { forge, authorizeUrl } = startApp()
    const visited = forge.visit(authorizeUrl({ ...unaddressed, ...changes }), { decision: 'deny' })
    await expect(visited).rejects.toThrow(words)
  })

  test('is all that an application without a callback can make', async () => {
    const { forge, authorizeUrl, winCode, withCode, post } = startApp({
      clients: [{ ...client, redirect_uris: [] }],
    })
    await expect(forge.visit(authorizeUrl())).rejects.toThrow('Mismatching redirect URI.')
    const code = await winCode(unaddressed)
    expect((await post(withCode(code))).status).toBe(400)
    expect((await post({ ...withCode(code), redirect_uri: '' })).status).toBe(200)
  })

  test('says before that a verifier will be shown', async () => {
    const { forge, base, authorizeUrl } = startApp()
    let cookie = ''
    const open = async (path: string, form?: Record<string, string>) => {
      const init = form ? { method: 'POST', body: new URLSearchParams(form) } : {}
      const response = await forge.fetch(new Request(path, { ...init, headers: { cookie } }))
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
      return response.text()
    }
    const page = await open(`${base}/login/`)
    const authenticity_token = /authenticity_token" value="(\w+)"/.exec(page)?.[1] ?? ''
    await open(`${base}/login/`, {
      'user[login]': 'ada',
      'user[password]': 'ada-lantern',
      authenticity_token,
    })
    expect(await open(authorizeUrl(unaddressed))).toContain('Then you get a verifier')
  })
})

describe('the client of GitShare', () => {
  const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` })
  const bare = { client_id: '', client_secret: '' }

  test('may stand in a Basic header, which is form-decoded', async () => {
    const { winCode, withCode, post } = startApp()
    const encoded = basic(client_id, encodeURIComponent(client_secret))
    expect((await post({ ...withCode(await winCode()), ...bare }, encoded)).status).toBe(200)
    const raw = basic(client_id, client_secret)
    expect((await post({ ...withCode(await winCode()), ...bare }, raw)).status).toBe(401)
  })

  test('must have a secret', () => {
    const open = { client_id: 'open', name: 'Open', redirect_uris: [callback] }
    expect(() => createForge('gitshare', { clients: [open] })).toThrow('without a secret: "open"')
  })
})

describe('a token request to GitShare without what it is about', () => {
  test.each([
    ['authorization_code', 'Missing code parameter.'],
    ['refresh_token', 'Missing refresh token parameter.'],
  ])('%s says so', async (grant_type, error_description) => {
    const response = await startApp().post({ grant_type, client_id, client_secret })
    expect(await response.json()).toEqual({ error: 'invalid_request', error_description })
  })

  test('a refresh token of another client is an invalid grant', async () => {
    const other = { ...client, client_id: 'other' }
    const { winToken, post } = startApp({ clients: [client, other] })
    const { refresh_token = '' } = await winToken()
    const form = { grant_type: 'refresh_token', client_id: 'other', client_secret, refresh_token }
    expect((await (await post(form)).json()).error).toBe('invalid_grant')
  })
})

describe('the API of GitShare', () => {
  test('takes a token from the header or the query, with the slash at the end of the path', async () => {
    const { winToken, get } = startApp()
    const { access_token } = await winToken()
    const authorization = `Bearer ${access_token}`
    expect(await (await get('/api/2/whoami/', { authorization })).json()).toMatchObject({ username: 'ada' })
    expect((await get(`/api/2/ping/?access_token=${access_token}`)).status).toBe(200)
    expect((await get('/api/2/path/info/', { authorization })).status).toBe(200)
    expect((await get('/api/2/whoami', { authorization })).status).toBe(404)
  })

  test('refuses anything else, and a token whose time is over', async () => {
    let now = 0
    const { winToken, get } = startApp({ now: () => now })
    const { access_token } = await winToken()
    now = 36_000_001
    for (const authorization of ['', 'Bearer x', `Bearer ${access_token}`])
      expect((await get('/api/2/whoami/', { authorization })).status).toBe(401)
  })

  test('is open to pages of other origins only if told to be', async () => {
    const allowed = async (cors?: boolean) => {
      const { get } = startApp(cors === undefined ? {} : { cors })
      const { headers } = await get('/api/2/ping/', { origin: 'https://app.test' })
      return headers.get('access-control-allow-origin')
    }
    expect([await allowed(), await allowed(true)]).toEqual([null, '*'])
  })
})
