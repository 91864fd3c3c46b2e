import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { ask, clients, codeOf, form, json, post, REDIRECT_URI, users } from './documented-page.ts'

describe('the OAuth page of GitShare', () => {
  const forge = createForge('gitshare', { profile: 'documented', clients, users })
  const at = 'https://app.gitshare.io'
  const askedUrl = `${at}/oauth2/authorize/?client_id=APP_ID&response_type=code`
  const exchange = (code: string) =>
    post(forge, `${at}/oauth2/token/`, {
      headers: form,
      body: `client_id=APP_ID&client_secret=APP_SECRET&code=${code}&redirect_uri=${REDIRECT_URI}`,
    })

  test('2: the authorization URL leads to the callback with the verifier', async () => {
    const { href } = await forge.visit(`${askedUrl}&redirect_uri=${REDIRECT_URI}`)
    expect(href).toMatch(/^http:\/\/myapp\.com\/oauth\/redirect\?code=\w+$/)
  })

  test('2: without a callback the verifier is displayed, and pasted', async () => {
    const response = await exchange(await codeOf(forge, askedUrl))
    expect(response.status).toBe(200)
  })

  test('3: get access token', async () => {
    const response = await exchange(await codeOf(forge, `${askedUrl}&redirect_uri=${REDIRECT_URI}`))
    expect([response.status, Object.keys(await response.json()).sort()]).toEqual([
      200,
      ['access_token', 'expires_in', 'refresh_token', 'scope', 'token_type'],
    ])
  })

  test('3: or a 400 status with the text it shows', async () => {
    const response = await exchange('WRONG')
    expect([response.status, await response.text()]).toEqual([400, '{"error": "invalid_grant"}'])
  })

  test('5: make calls to the API, by header or request parameter', async () => {
    const won = await exchange(await codeOf(forge, `${askedUrl}&redirect_uri=${REDIRECT_URI}`))
    const { access_token } = await won.json()
    const headers = { authorization: `Bearer ${access_token}` }
    expect((await ask(forge, `${at}/api/2/whoami/`, { headers })).status).toBe(200)
    expect((await ask(forge, `${at}/api/2/whoami/?access_token=${access_token}`)).status).toBe(200)
  })
})

describe('the OAuth page of GitCode', () => {
  const forge = createForge('gitcode', { clients, users })
  const at = 'https://gitcode.com'
  const askedUrl = `${at}/oauth/authorize?client_id=APP_ID&redirect_uri=${REDIRECT_URI}&response_type=code&scope=all_user&state=STATE`
  const exchange = (code: string) =>
    post(forge, `${at}/oauth/token?grant_type=authorization_code&code=${code}&client_id=APP_ID`, {
      headers: form,
      body: 'client_secret=APP_SECRET',
    })
  const members = ['access_token', 'expires_in', 'refresh_token', 'scope', 'created_at']

  test('1 and 2: authentication leads back with code and state', async () => {
    expect((await forge.visit(askedUrl)).href).toMatch(/redirect\?code=\w+&state=STATE$/)
  })

  test('3: obtain authorization token, with the secret where the table has it', async () => {
    const response = await exchange(await codeOf(forge, askedUrl))
    expect(Object.keys(await response.json())).toEqual(members)
  })

  test('3: and with the secret where the address shows it', async () => {
    const code = await codeOf(forge, askedUrl)
    const query = `grant_type=authorization_code&code=${code}&client_id=APP_ID&client_secret=APP_SECRET`
    expect((await post(forge, `${at}/oauth/token?${query}`, {})).status).toBe(200)
  })

  test('4: use access token to access user information', async () => {
    const { access_token } = await (await exchange(await codeOf(forge, askedUrl))).json()
    const headers = { authorization: `Bearer ${access_token}` }
    expect((await (await ask(forge, `${at}/api/v5/user`, { headers })).json()).login).toBe('user')
  })

  test('5: refresh access_token', async () => {
    const { refresh_token } = await (await exchange(await codeOf(forge, askedUrl))).json()
    const query = `grant_type=refresh_token&refresh_token=${refresh_token}`
    const response = await post(forge, `${at}/oauth/token?${query}`, {})
    expect(Object.keys(await response.json())).toEqual(members)
  })
})

describe('the OAuth page of Gitea', () => {
  const forge = createForge('gitea', { profile: 'documented', clients, users })
  const at = 'https://git.mirocod.ru'
  const askedUrl = `${at}/login/oauth/authorize?client_id=APP_ID&redirect_uri=${REDIRECT_URI}&response_type=code&state=STATE`
  const fields = (code: string) => ({
    ...{ client_id: 'APP_ID', client_secret: 'APP_SECRET', code },
    ...{ grant_type: 'authorization_code', redirect_uri: REDIRECT_URI },
  })
  const won = { access_token: expect.any(String), refresh_token: expect.any(String) }
  const answer = { ...won, token_type: 'bearer', expires_in: 3600 }

  test('1: redirecting the user leads back with code and state', async () => {
    expect((await forge.visit(askedUrl)).href).toMatch(/redirect\?code=\w+&state=STATE$/)
  })

  test('2: the code becomes a token, asked for in JSON', async () => {
    const body = JSON.stringify(fields(await codeOf(forge, askedUrl)))
    const response = await post(forge, `${at}/login/oauth/access_token`, { headers: json, body })
    expect(await response.json()).toEqual(answer)
  })

  test('2: or in a form; 3: and it makes API requests', async () => {
    const body = new URLSearchParams(fields(await codeOf(forge, askedUrl)))
    const response = await post(forge, `${at}/login/oauth/access_token`, { body })
    const { access_token, ...rest } = await response.json()
    expect({ access_token, ...rest }).toEqual(answer)
    const headers = { authorization: `token ${access_token}` }
    expect((await (await ask(forge, `${at}/api/v1/user`, { headers })).json()).login).toBe('user')
  })
})

describe('the OAuth page of GitKraken Boards', () => {
  const forge = createForge('gitkraken', { clients, users })
  const app = 'https://app.gitkraken.com'
  const askedUrl = `${app}/oauth/authorize?response_type=code&client_id=APP_ID&scope=user:read%20board:read&state=STATE`
  const exchange = (code: string) =>
    post(forge, 'https://api.gitkraken.com/oauth/access_token', {
      headers: form,
      body: `grant_type=authorization_code&client_id=APP_ID&client_secret=APP_SECRET&code=${code}`,
    })
  const read = (token: string) =>
    ask(forge, 'https://gloapi.gitkraken.com/v1/glo/user', { headers: { authorization: `Bearer ${token}` } })

  test('1: request a user’s identity; 2: users are redirected back to the registered callback', async () => {
    expect((await forge.visit(askedUrl)).href).toMatch(/redirect\?code=\w+&state=STATE$/)
  })

  test('2: exchange this code for an access token; 3: access the API with it', async () => {
    const { access_token, ...rest } = await (await exchange(await codeOf(forge, askedUrl))).json()
    expect(rest).toEqual({ token_type: 'Bearer' })
    expect(await (await read(access_token)).json()).toEqual({ username: 'user' })
  })

  test('who has no backend asks for a personal access token', async () => {
    expect((await read('user-personal-token')).status).toBe(200)
  })

  test('reset client secret: the old one no longer works', async () => {
    forge.fault('reset-secret')
    expect((await exchange(await codeOf(forge, askedUrl))).status).toBe(401)
    forge.fault(undefined)
  })

  test('revoke all user tokens', async () => {
    const { access_token } = await (await exchange(await codeOf(forge, askedUrl))).json()
    forge.revokeAll()
    expect((await read(access_token)).status).toBe(401)
  })
})
