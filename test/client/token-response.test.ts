import { describe, expect, it } from 'vitest'
import { type Answer, expectRefusal, json, startApp } from './app.ts'

const good = { access_token: 'AT', token_type: 'Bearer', expires_in: 3600, scope: 'read_user' }
const text = (body: BodyInit, type: string, status = 200): Answer => {
  return () => new Response(body, { status, headers: { 'content-type': type } })
}
const raw = (body: BodyInit) => text(body, 'application/json')
const members = (changes: object): Answer => raw(JSON.stringify({ ...good, ...changes }))

/** Signs in with what the token endpoint answers. */
async function signIn(token: Answer) {
  const app = startApp()
  app.answers.token = token
  const done = await app.client.callback(app.back(await app.start()))
  expect(app.exchanges()).toHaveLength(1)
  return {
    ...app,
    session: done?.session,
    seconds: ((done?.session.expires_at ?? NaN) - app.clock.now) / 1000,
  }
}

describe('the answer of the token endpoint', () => {
  it.each([{ token_type: undefined }, { token_type: null }])(
    'H21: refuses %j as missing_token_type',
    async (changes) => {
      await expectRefusal({ token: members(changes), code: 'missing_token_type', transaction: 'burnt' })
    },
  )

  it.each(['bearer', 'BEARER', 'Bearer'])('H22: takes the token type %s as Bearer', async (token_type) => {
    const { client, sent } = await signIn(members({ token_type }))
    await client.fetch('projects')
    expect(sent.at(-1)?.request.headers.get('authorization')).toBe('Bearer AT')
  })

  for (const token_type of ['mac', '', 'Bearer x', 'Bear', 1, {}, ['bearer'], { toString: 1, valueOf: 1 }]) {
    it(`H23: refuses the token type ${JSON.stringify(token_type)}`, async () => {
      const token = members({ token_type })
      await expectRefusal({ token, code: 'unsupported_token_type', transaction: 'burnt' })
    })
  }

  it('H24: refuses DPoP, which was not asked for', async () => {
    const token = members({ token_type: 'DPoP' })
    await expectRefusal({ token, code: 'unsupported_token_type', transaction: 'burnt' })
  })

  it('H25: refuses a type that the provider did not declare', async () => {
    const token = members({ token_type: 'N_A' })
    await expectRefusal({ token, code: 'unsupported_token_type', transaction: 'burnt' })
  })

  it('H26: takes a lifetime of digits in text', async () => {
    expect((await signIn(members({ expires_in: '3600' }))).seconds).toBe(3600)
  })

  it('H27: takes whole seconds of a lifetime', async () => {
    expect((await signIn(members({ expires_in: 1.5 }))).seconds).toBe(1)
  })

  for (const expires_in of [
    -1,
    '-1',
    'soon',
    '',
    ' 60',
    '0x10',
    '1e3',
    true,
    {},
    [60],
    { toString: 1, valueOf: 1 },
  ]) {
    it(`H27: refuses the lifetime ${JSON.stringify(expires_in)}`, async () => {
      const token = members({ expires_in })
      await expectRefusal({ token, code: 'invalid_expires_in', transaction: 'burnt' })
    })
  }

  it.each([
    ['a number', '1e400'],
    ['text', `"${'9'.repeat(400)}"`],
    ['a number that is no date any more', '1e306'],
  ])('H27: refuses a lifetime without end as %s', async (_, value) => {
    const body = `{"access_token":"AT","token_type":"bearer","expires_in":${value}}`
    await expectRefusal({ token: raw(body), code: 'invalid_expires_in', transaction: 'burnt' })
  })

  it('H28: refuses NaN, which is not JSON', async () => {
    const token = raw('{"access_token":"AT","token_type":"bearer","expires_in":NaN}')
    await expectRefusal({ token, code: 'invalid_json', transaction: 'burnt' })
  })

  it('H29: takes 0 as expired already, and null as no lifetime', async () => {
    expect((await signIn(members({ expires_in: 0 }))).seconds).toBe(0)
    expect((await signIn(members({ expires_in: null }))).session?.expires_at).toBeUndefined()
  })

  it.each([
    ['missing_access_token', undefined],
    ['missing_access_token', null],
    ['missing_access_token', ''],
    ['invalid_access_token', 1],
    ['invalid_access_token', {}],
    ['invalid_access_token', ['AT']],
    ['invalid_access_token', true],
    ['invalid_access_token', 'a\nb'],
    ['invalid_access_token', 'é'],
  ] as const)('H30: answers %s to the access token %j', async (code, access_token) => {
    await expectRefusal({ token: members({ access_token }), code, transaction: 'burnt' })
  })

  it('H31: takes a token of 64 KB', async () => {
    const { client } = await signIn(members({ access_token: 't'.repeat(65_536) }))
    expect(await client.accessToken()).toHaveLength(65_536)
  })

  it('H34: takes an error with status 200 for what it is, also next to a token', async () => {
    for (const more of [{}, good]) {
      await expectRefusal({
        token: () => json({ ...more, error: 'bad_verification_code', error_description: 'Expired.' }),
        code: 'token_endpoint_error',
        details: { error: 'bad_verification_code', error_description: 'Expired.', status: 200 },
        transaction: 'burnt',
      })
    }
  })

  it('H35: reads an error that calls itself plain text', async () => {
    await expectRefusal({
      token: text('{"error":"invalid_grant"}', 'text/plain', 400),
      code: 'token_endpoint_error',
      details: { error: 'invalid_grant', status: 400, provider: 'GitLab' },
      transaction: 'burnt',
    })
  })

  it('H36: refuses a token that calls itself plain text', async () => {
    const token = text(JSON.stringify(good), 'text/plain')
    await expectRefusal({ token, code: 'unexpected_content_type', transaction: 'burnt' })
    const near = text(JSON.stringify(good), 'application/jsonp')
    await expectRefusal({ token: near, code: 'unexpected_content_type', transaction: 'burnt' })
  })

  it('H36b: refuses a token in a form', async () => {
    const token = text('access_token=AT&token_type=bearer', 'application/x-www-form-urlencoded')
    await expectRefusal({ token, code: 'unexpected_content_type', transaction: 'burnt' })
  })

  it('H37: refuses HTML, and shows nothing of it', async () => {
    const page = '<!doctype html><title>Planted words</title>'
    const html = (status: number) => text(page, 'text/html; charset=utf-8', status)
    const found = [
      await expectRefusal({ token: html(200), code: 'unexpected_content_type', transaction: 'burnt' }),
      await expectRefusal({
        token: html(502),
        code: 'bad_status',
        details: { status: 502 },
        transaction: 'burnt',
      }),
    ]
    for (const error of found) expect(JSON.stringify(error) + error.stack).not.toContain('Planted')
  })

  it('H41: reads past a byte order mark', async () => {
    expect((await signIn(raw(`\ufeff${JSON.stringify(good)}`))).session?.scope).toBe('read_user')
  })

  it.each(['[]', '[{"access_token":"AT","token_type":"bearer"}]', '"AT"', 'null', '1', 'true'])(
    'H42: refuses %s, which is no object',
    async (body) => {
      await expectRefusal({ token: raw(body), code: 'not_object', transaction: 'burnt' })
    },
  )

  it('H43: takes the last of two members of one name', async () => {
    const { client } = await signIn(raw('{"access_token":"one","token_type":"bearer","access_token":"two"}'))
    expect(await client.accessToken()).toBe('two')
  })

  it('H44: refuses an empty answer', async () => {
    await expectRefusal({ token: raw(''), code: 'invalid_json', transaction: 'burnt' })
    const token = () => new Response(null, { status: 204 })
    await expectRefusal({ token, code: 'bad_status', details: { status: 204 }, transaction: 'burnt' })
  })

  it('H45: reports invalid_client, and lets the browser ask for no password', async () => {
    const headers = { 'content-type': 'application/json', 'www-authenticate': 'Bearer realm="Doorkeeper"' }
    let credentials: RequestCredentials | undefined
    await expectRefusal({
      token: (request) => {
        credentials = request.credentials
        return new Response('{"error":"invalid_client"}', { status: 401, headers })
      },
      code: 'token_endpoint_error',
      details: { error: 'invalid_client', status: 401 },
      transaction: 'burnt',
    })
    expect(credentials).toBe('omit')
  })

  it('takes Retry-After from a server that is busy', async () => {
    const token = () => json({ error: 'slow_down' }, { status: 429, headers: { 'retry-after': '30' } })
    await expectRefusal({
      token,
      code: 'token_endpoint_error',
      details: { error: 'slow_down', status: 429, retryAfter: 30 },
      transaction: 'burnt',
    })
  })
})
