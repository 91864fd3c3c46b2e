import { describe, expect, test } from 'vitest'
import { callback, startApp } from './gitkraken-app.ts'

describe('the GitKraken emulator answers as the transcripts say', () => {
  test('K1: authorizing leads to the registered callback with a code and the state', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl())
    expect(href).toMatch(/^https:\/\/app\.test\/auth\/callback\?by=gitkraken&code=[0-9a-f]{64}&state=S$/)
    expect(forge.requests.at(-1)).toMatchObject({ method: 'POST', path: '/oauth/authorize', status: 302 })
  })

  test('K1: no redirect_uri of the request changes that, and without a state none comes back', async () => {
    const { forge, authorizeUrl } = startApp()
    const { href } = await forge.visit(authorizeUrl({ redirect_uri: 'https://evil.test/', state: '' }))
    expect(href).toMatch(/^https:\/\/app\.test\/auth\/callback\?by=gitkraken&code=[0-9a-f]{64}$/)
  })

  test('K2: a code becomes a token, with nothing beside it', async () => {
    const { winCode, withCode, post } = startApp()
    const response = await post(withCode(await winCode()))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.text()).toMatch(/^\{"access_token":"[0-9a-f]{40}","token_type":"Bearer"\}$/)
  })

  test('K2: JSON will do as well as a form', async () => {
    const { forge, base, winCode, withCode } = startApp()
    const body = JSON.stringify(withCode(await winCode()))
    const headers = { 'content-type': 'application/json' }
    const { status } = await forge.fetch(
      new Request(`${base}/oauth/access_token`, { method: 'POST', headers, body }),
    )
    expect(status).toBe(200)
  })

  test('K2: what stands in the address does not count', async () => {
    const { forge, base, winCode, withCode } = startApp()
    const query = new URLSearchParams(withCode(await winCode()))
    const { status } = await forge.fetch(
      new Request(`${base}/oauth/access_token?${query}`, { method: 'POST' }),
    )
    expect(status).toBe(400)
  })

  test('K3: a wrong, used, expired or foreign code is an invalid grant', async () => {
    let now = 0
    const other = {
      client_id: 'other',
      client_secret: 'x',
      name: 'Other',
      redirect_uris: ['https://other.test/'],
    } as const
    const own = { client_id: 'glo', client_secret: 'glo-secret', name: 'Board reader' }
    const clients = [{ ...own, redirect_uris: [callback] as const }, other]
    const { winCode, withCode, post } = startApp({ clients, now: () => now })
    const [used, late, foreign] = [await winCode(), await winCode(), await winCode({ client_id: 'other' })]
    await post(withCode(used))
    const answers = [await post(withCode('x')), await post(withCode(used)), await post(withCode(foreign))]
    now = 600_001
    for (const response of [...answers, await post(withCode(late))])
      expect([response.status, await response.text()]).toEqual([400, '{"error":"invalid_grant"}'])
  })

  test.each([
    ['a wrong secret', { client_secret: 'x' }],
    ['no secret', { client_secret: '' }],
    ['an unknown client', { client_id: 'nope' }],
  ])('K4: %s is an invalid client', async (_, changes) => {
    const { winCode, withCode, post } = startApp()
    const response = await post({ ...withCode(await winCode()), ...changes })
    expect([response.status, await response.text()]).toEqual([401, '{"error":"invalid_client"}'])
  })

  test('K5: the user is told in the members that are asked for', async () => {
    const { winToken, read } = startApp()
    const response = await read('user?fields=id,name,username,email', await winToken())
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(
      /^\{"id":"[0-9a-f-]{36}","name":"Ada Okafor","username":"ada","email":"ada@forge\.example"\}$/,
    )
  })

  test('K5: without fields only the default one is told', async () => {
    const { winToken, read } = startApp()
    expect(await (await read('user', await winToken())).json()).toEqual({ username: 'ada' })
  })
})
