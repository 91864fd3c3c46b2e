import { describe, expect, it } from 'vitest'
import { failure, json } from './app.ts'
import { account, refusal } from './bff.ts'
import { API, startMediated } from './mediated.ts'

const refuseOld = ({ headers }: Request) =>
  headers.get('authorization') === 'Bearer AT-1' ? json({}, { status: 401 }) : json([2])

describe('fetch of a mediated client', () => {
  it('goes straight to the API with the token, and with nothing of the BFF', async () => {
    const { client, calls, bearers } = startMediated()
    expect(await (await client.fetch('user?a=1')).json()).toEqual([1])
    await client.fetch(new URL('projects', API), { method: 'POST', body: 'x' })
    await client.fetch(new Request(`${API}groups`))
    expect(calls().map(({ method, url }) => `${method} ${url.slice(API.length)}`)).toEqual([
      'GET user?a=1',
      'POST projects',
      'GET groups',
    ])
    expect(new Set(bearers())).toEqual(new Set(['Bearer AT-1']))
    expect(calls().some(({ headers }) => headers.has('forgepass-csrf'))).toBe(false)
  })

  it.each([
    'https://evil.example/api/v4/user',
    'https://forge.example.evil.example/api/v4/user',
    'https://forge.example@evil.example/api/v4/user',
    'https://user@forge.example/api/v4/user',
    'http://forge.example/api/v4/user',
    'https://forge.example:8443/api/v4/user',
    '//evil.example/api/v4/user',
    '/api/v5/user',
    '../v4evil/user',
    '%2e%2e/v5/user',
    'javascript:alert(1)',
    'http://[',
  ])('refuses %j and asks nobody', async (address) => {
    const { client, sent } = startMediated()
    expect(await failure(client.fetch(address))).toMatchObject({ code: 'resource_not_allowed' })
    expect(sent).toEqual([])
  })

  it('goes to what `resources` names as well, but to no prefix without its slash', async () => {
    const { client, bearers } = startMediated({
      resources: ['https://two.example/a/', 'https://three.example/a'],
    })
    await client.fetch('https://two.example/a/b')
    expect(bearers()).toEqual(['Bearer AT-1'])
    const error = await failure(client.fetch('https://three.example/abc'))
    expect(error).toMatchObject({ code: 'resource_not_allowed' })
    const bare = startMediated({ api_base: 'https://forge.example/api' })
    expect(await failure(bare.client.fetch('https://forge.example/api2'))).toMatchObject({
      code: 'resource_not_allowed',
    })
  })

  it('tells the BFF by its fingerprint which token was refused, and calls once more', async () => {
    const { client, answers, asked, bearers, sent } = startMediated()
    answers.api = refuseOld
    const responses = await Promise.all(Array.from({ length: 20 }, () => client.fetch('user')))
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(asked()).toEqual([
      { scope: '', refused: '' },
      { scope: '', refused: 'print-1' },
    ])
    expect(bearers().filter((one) => one === 'Bearer AT-2')).toHaveLength(20)
    expect(sent.map(({ url }) => url).join()).not.toContain('AT-')
  })

  it('has the token in the address where the API takes it there, once and that of the session', async () => {
    const { client, answers, calls, asked } = startMediated({ token_in: 'query' })
    answers.api = ({ url }) => json([1], { status: url.includes('AT-1') ? 401 : 200 })
    expect((await client.fetch('user?a=1&access_token=mine')).status).toBe(200)
    const sent = calls().map(({ url, headers }) => [url.slice(API.length), headers.get('authorization')])
    expect(sent).toEqual([
      ['user?a=1&access_token=AT-1', null],
      ['user?a=1&access_token=AT-2', null],
    ])
    expect(asked()[1]).toEqual({ scope: '', refused: 'print-1' })
  })

  it('gives the refusal where the BFF stands by the token', async () => {
    const { client, answers, asked, bearers } = startMediated()
    answers.token = () => json({ access_token: 'AT-1', token_type: 'Bearer', fingerprint: 'print-1' })
    answers.api = refuseOld
    expect((await client.fetch('user')).status).toBe(401)
    expect(asked()).toHaveLength(2)
    expect(bearers()).toEqual(['Bearer AT-1'])
  })

  it('rejects where the API refuses the new token, too, after two calls', async () => {
    const { client, answers, bearers } = startMediated()
    answers.api = () => json({}, { status: 401 })
    expect(await failure(client.fetch('user'))).toMatchObject({ code: 'login_required', status: 401 })
    expect(bearers()).toEqual(['Bearer AT-1', 'Bearer AT-2'])
  })

  it('does not do for another account what was meant for one', async () => {
    const { client, answers, bearers } = startMediated()
    await client.session()
    answers.api = async (request) => {
      // Meanwhile somebody else signs in.
      answers.session = () => json({ gitlab: { account: { ...account, id: '8' } } })
      await client.session()
      return refuseOld(request)
    }
    expect((await client.fetch('projects', { method: 'POST', body: 'x' })).status).toBe(401)
    expect(bearers()).toEqual(['Bearer AT-1'])
  })

  it('does not send a stream twice', async () => {
    const { client, answers, bearers } = startMediated()
    answers.api = refuseOld
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit
    expect((await client.fetch('projects', init)).status).toBe(401)
    expect(bearers()).toEqual(['Bearer AT-1'])
  })

  it('rejects with what the BFF says where there is no token, and calls nobody', async () => {
    const { client, answers, calls } = startMediated()
    answers.token = () => refusal('session_required', 401)
    expect(await failure(client.fetch('user'))).toMatchObject({ code: 'session_required' })
    expect(calls()).toEqual([])
  })
})
