import { describe, expect, test } from 'vitest'
import { confidentialClient, publicClient, startApp } from './app.ts'

const secret = confidentialClient.client_secret ?? ''

describe('row 11: authorization errors', () => {
  test.each([
    [{ client_id: 'nobody' }, 'Client authentication failed'],
    [{ client_id: '' }, 'Missing required parameter: client_id.'],
    [{ redirect_uri: 'https://else.test' }, 'The requested redirect uri is malformed'],
    [{ redirect_uri: '' }, 'The requested redirect uri is malformed'],
    [{ response_type: 'token' }, 'does not support this response type'],
    [{ response_type: '' }, 'Missing required parameter: response_type.'],
    [{ response_mode: 'smoke' }, 'does not support this response mode'],
    [{ scope: 'read_minds' }, 'The requested scope is invalid'],
    [{ code_challenge_method: 'S512' }, 'The code challenge method must be plain or S256.'],
    [{ code_challenge_method: '' }, 'The code challenge method must be plain or S256.'],
  ])('%o is a page with status 200', async (changes, words) => {
    const { forge, authorizeUrl } = startApp()
    await expect(forge.visit(authorizeUrl(changes))).rejects.toThrow(words)
    expect(forge.requests.at(-1)).toMatchObject({ method: 'GET', path: '/oauth/authorize', status: 200 })
  })

  test.each(['fragment', 'form_post'])('the question forgets the response mode %s', async (response_mode) => {
    const { forge, authorizeUrl } = startApp()
    const { search, hash } = await forge.visit(authorizeUrl({ response_mode }), { decision: 'deny' })
    expect([search, hash]).toEqual([expect.stringMatching(/^\?error=access_denied&/), ''])
  })
})

describe('row 12: nobody is asked twice', () => {
  const server = { client_id: 'server', client_secret: secret }

  test('a confidential client with a matching token gets a page that redirects by script', async () => {
    const { forge, authorizeUrl, winCode, exchange } = startApp()
    expect((await exchange({ ...server, code: await winCode({ client_id: 'server' }) })).status).toBe(200)
    const { href } = await forge.visit(authorizeUrl({ client_id: 'server' }))
    expect(href).toMatch(/^https:\/\/app\.test\/callback\?code=[0-9a-f]{64}&state=S$/)
    expect(forge.requests.at(-1)).toMatchObject({ method: 'GET', path: '/oauth/authorize', status: 200 })
  })

  test.each([
    ['other scopes', { client_id: 'server', scope: 'api' }],
    ['a public client', { client_id: 'spa' }],
  ])('%s gets the consent page', async (_, changes) => {
    const { forge, authorizeUrl, winCode, exchange, winToken } = startApp()
    await winToken()
    await exchange({ ...server, code: await winCode({ client_id: 'server' }) })
    await forge.visit(authorizeUrl(changes))
    expect(forge.requests.at(-1)).toMatchObject({ method: 'POST', path: '/oauth/authorize', status: 302 })
  })

  test('a trusted client never asks', async () => {
    const { forge, authorizeUrl } = startApp({ clients: [{ ...publicClient, trusted: true }] })
    await forge.visit(authorizeUrl())
    expect(forge.requests.at(-1)).toMatchObject({ method: 'GET', path: '/oauth/authorize', status: 200 })
  })
})

describe('row 18: scopes', () => {
  test('without one the application gets api', async () => {
    const { winToken } = startApp()
    expect((await winToken({ scope: '' })).scope).toBe('api')
  })

  test('an application gets only what it was registered for', async () => {
    const { forge, authorizeUrl } = startApp({ clients: [{ ...publicClient, scopes: ['read_user'] }] })
    await expect(forge.visit(authorizeUrl({ scope: '' }))).rejects.toThrow('The requested scope is invalid')
    await expect(forge.visit(authorizeUrl())).resolves.toBeInstanceOf(URL)
  })
})

describe('row 19: an authorization code', () => {
  test.each([
    [600_000, 200],
    [600_001, 400],
  ])('after %d ms gets %d', async (age, status) => {
    let now = 0
    const { winCode, exchange } = startApp({ now: () => now })
    const code = await winCode()
    now = age
    expect((await exchange({ code })).status).toBe(status)
  })

  test('is won by one of two exchanges at the same time', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode()
    const answers = await Promise.all([exchange({ code }), exchange({ code })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('belongs to its client', async () => {
    const { winCode, exchange } = startApp()
    const code = await winCode()
    expect((await exchange({ code, client_id: 'server', client_secret: secret })).status).toBe(400)
  })
})

describe('row 21: redirect_uri', () => {
  const visit = (registered: string, asked: string) => {
    const { forge, authorizeUrl } = startApp({ clients: [{ ...publicClient, redirect_uris: [registered] }] })
    return forge.visit(authorizeUrl({ redirect_uri: asked }))
  }

  test.each([
    ['https://app.test/cb?a=1&b=2', 'https://app.test/cb?b=2&a=1'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:5173/cb'],
    ['http://[::1]:1/cb', 'http://[::1]:2/cb'],
    ['http://app.test/cb', 'http://app.test/cb'],
    ['com.example.app:/cb', 'com.example.app:/cb'],
  ])('%s accepts %s', async (registered, asked) => {
    expect(`${await visit(registered, asked)}`.startsWith(asked)).toBe(true)
  })

  test.each([
    ['https://app.test/cb?a=1', 'https://app.test/cb?a=2'],
    ['https://app.test/cb', 'https://app.test/cb/'],
    ['https://app.test/cb', 'https://app.test:8443/cb'],
    ['http://localhost:1/cb', 'http://localhost:2/cb'],
    ['https://app.test/cb', 'https://app.test/cb#part'],
    ['https://app.test/cb', 'https://user@app.test/cb'],
    ['https://app.test/cb', '/cb'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
  ])('%s refuses %s', async (registered, asked) => {
    await expect(visit(registered, asked)).rejects.toThrow('redirect uri')
  })
})
