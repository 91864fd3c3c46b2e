import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { ask, clients, codeOf, form, json, post, REDIRECT_URI, users } from './documented-page.ts'

describe('the OAuth page of GitLab', () => {
  const forge = createForge('gitlab', { profile: 'documented', clients, users })
  const at = 'https://gitlab.example.com'
  const asked = `${at}/oauth/authorize?client_id=APP_ID&redirect_uri=${REDIRECT_URI}`
  const codeUrl = `${asked}&response_type=code&state=YOUR_UNIQUE_STATE_HASH`
  const member = expect.stringMatching(/^[0-9a-f]{64}$/)
  const exchange = (code: string) =>
    post(forge, `${at}/oauth/token`, {
      headers: form,
      body: `client_id=APP_ID&client_secret=APP_SECRET&code=${code}&grant_type=authorization_code&redirect_uri=${REDIRECT_URI}`,
    })

  test('web application flow, 1: requesting authorization code', async () => {
    expect((await forge.visit(codeUrl)).href).toMatch(
      /^http:\/\/myapp\.com\/oauth\/redirect\?code=\w+&state=YOUR_UNIQUE_STATE_HASH$/,
    )
  })

  test('web application flow, 2: requesting access token', async () => {
    const answer = await (await exchange(await codeOf(forge, codeUrl))).json()
    expect(answer).toEqual({
      ...{ access_token: member, token_type: 'bearer', expires_in: 7200, refresh_token: member },
    })
  })

  test('implicit grant, 1: requesting access token', async () => {
    const { href } = await forge.visit(`${asked}&response_type=token&state=YOUR_UNIQUE_STATE_HASH`)
    expect(href).toMatch(
      /^http:\/\/myapp\.com\/oauth\/redirect#access_token=\w+&state=YOUR_UNIQUE_STATE_HASH&token_type=bearer&expires_in=7200$/,
    )
  })

  test('implicit grant: verifying the application of the token', async () => {
    const { hash } = await forge.visit(`${asked}&response_type=token`)
    const authorization = `Bearer ${new URLSearchParams(hash.slice(1)).get('access_token')}`
    const info = await ask(forge, `${at}/oauth/token/info`, { headers: { authorization } })
    expect((await info.json()).application.uid).toBe('APP_ID')
  })

  test('resource owner password credentials, 1: requesting access token', async () => {
    const body = '{ "grant_type": "password", "username": "user@example.com", "password": "secret" }'
    const response = await post(forge, `${at}/oauth/token`, { headers: json, body })
    expect(await response.json()).toEqual({ access_token: member, token_type: 'bearer', expires_in: 7200 })
  })

  test('resource owner password credentials: with a client, as the gem sends them', async () => {
    const headers = { ...form, authorization: `Basic ${btoa('APP_ID:APP_SECRET')}` }
    const body = 'grant_type=password&username=user%40example.com&password=secret'
    const { access_token } = await (await post(forge, `${at}/oauth/token`, { headers, body })).json()
    expect(access_token).toEqual(member)
  })

  test('access the API with the token, as GET parameter or in the header', async () => {
    const { access_token } = await (await exchange(await codeOf(forge, codeUrl))).json()
    const headers = { authorization: `Bearer ${access_token}` }
    const byQuery = await ask(forge, `${at}/api/v4/user?access_token=${access_token}`)
    const byHeader = await ask(forge, `${at}/api/v4/user`, { headers })
    expect([(await byQuery.json()).username, (await byHeader.json()).username]).toEqual(['user', 'user'])
  })
})
