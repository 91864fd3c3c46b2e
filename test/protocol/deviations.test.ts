import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OAuthErrorCode } from '../../src/index.ts'
import { createTokenRequest, type TokenGrant } from '../../src/protocol/token.ts'
import { type Deviations, defineProvider } from '../../src/provider/index.ts'
import { type Answer, failure, json, type Place, startApp } from '../client/app.ts'

/** A server that is like any other but for what it declares. */
const declaring =
  (declared: Deviations) =>
  ({ base }: Place) =>
    defineProvider({
      issuer: base,
      authorization_endpoint: `${base}/oauth/authorize`,
      token_endpoint: `${base}/oauth/token`,
      api_base: `${base}/api/`,
      ...declared,
    })

const text = (body: string, type: string, status = 200): Answer => {
  return () => new Response(body, { status, headers: { 'content-type': type } })
}
const GOOD = { access_token: 'AT', token_type: 'bearer', expires_in: 3600, scope: 'read_user' }
const FORM = 'application/x-www-form-urlencoded; charset=utf-8'
const form = (fields: Record<string, string>, status = 200) =>
  text(`${new URLSearchParams(fields)}`, FORM, status)
const granted = { access_token: 'AT', token_type: 'bearer', expires_in: '3600', scope: 'read_user' }

/** Signs in at a server that declares this and answers so. */
async function signIn(declared: Deviations, token: Answer) {
  const app = startApp({ provider: declaring(declared) })
  app.answers.token = token
  const done = app.client.callback(app.back(await app.start()))
  return { app, done }
}

/** Expects a session with the token `AT` and the scope `read_user` for an hour. */
async function expectSession(declared: Deviations, token: Answer) {
  const { app, done } = await signIn(declared, token)
  const expires_at = app.clock.now + 3_600_000
  expect(await done).toMatchObject({ session: { scope: 'read_user', expires_at } })
  expect(await app.client.accessToken()).toBe('AT')
}

async function expectFailure(declared: Deviations, token: Answer, code: OAuthErrorCode) {
  const { app, done } = await signIn(declared, token)
  const error = await failure(done)
  expect(error).toMatchObject({ code })
  expect(await app.client.session()).toBeNull()
  return error
}

describe('an answer that differs from the specification', () => {
  const { token_type: _, ...typeless } = GOOD
  it.each<[string, Deviations, Answer, OAuthErrorCode]>([
    ['no token_type', { token_type_missing: 'bearer' }, () => json(typeless), 'missing_token_type'],
    ['a form', { token_response: 'form' }, form(granted), 'unexpected_content_type'],
    [
      'JSON as text/plain',
      { token_response: 'text' },
      text(JSON.stringify(GOOD), 'text/plain; charset=utf-8'),
      'unexpected_content_type',
    ],
    [
      'commas between scopes',
      { scope_separator: ',' },
      () => json({ ...GOOD, scope: 'read_user,api' }),
      'scope_insufficient',
    ],
  ])('is taken where it is declared, and nowhere else: %s', async (_, declared, token, code) => {
    for (const one of [declared, {}, undefined]) {
      const app = startApp({ provider: declaring(one ?? {}), requiredScope: 'read_user' })
      app.answers.token = token
      const done = app.client.callback(app.back(await app.start()))
      if (one === declared) expect(await done).toMatchObject({ session: expect.anything() })
      else expect(await failure(done)).toMatchObject({ code })
    }
  })

  it('is read as it is meant', async () => {
    await expectSession({ token_type_missing: 'bearer' }, () => json(typeless))
    await expectSession({ token_response: 'form' }, form(granted))
    await expectSession({ token_response: 'text' }, text(JSON.stringify(GOOD), 'text/plain'))
    const { done } = await signIn({ scope_separator: ',' }, () => json({ ...GOOD, scope: 'a,b:c,d' }))
    expect(await done).toMatchObject({ session: { scope: 'a b:c d' } })
    const undeclared = await signIn({}, () => json({ ...GOOD, scope: 'a,b:c,d' }))
    expect(await undeclared.done).toMatchObject({ session: { scope: 'a,b:c,d' } })
  })

  it.each<[string, Deviations]>([
    ['a standard server', {}],
    ['one that may leave token_type out', { token_type_missing: 'bearer' }],
    ['one that may send a form', { token_response: 'form' }],
    ['one that may send text', { token_response: 'text' }],
  ])('does not bend the rest of the rules: %s', async (_, declared) => {
    await expectSession(declared, () => json(GOOD))
    await expectSession(declared, () => json({ ...GOOD, expires_in: '3600' }))
    await expectFailure(declared, () => json({ ...GOOD, token_type: 'mac' }), 'unsupported_token_type')
    await expectFailure(declared, () => json({ ...GOOD, expires_in: '1h' }), 'invalid_expires_in')
    await expectFailure(declared, () => json({ token_type: 'bearer' }), 'missing_access_token')
    await expectFailure(declared, text('<h1>Hello</h1>', 'text/html'), 'unexpected_content_type')
    await expectFailure(declared, text(JSON.stringify(GOOD), 'text/html'), 'unexpected_content_type')
    await expectFailure(declared, text('access_token=AT', 'multipart/form-data'), 'unexpected_content_type')
    await expectFailure(declared, text('', 'application/json'), 'invalid_json')
  })

  it('takes seven thousand two hundred as a text of digits from any server', async () => {
    const { app, done } = await signIn({}, () => json({ ...GOOD, expires_in: '7200' }))
    expect(await done).toMatchObject({ session: { expires_at: app.clock.now + 7_200_000 } })
  })

  it.each<[string, Answer]>([
    ['with status 200', () => json({ error: 'bad_verification_code' })],
    ['with a token beside it', () => json({ ...GOOD, error: 'bad_verification_code' })],
    ['as text/plain', text('{"error":"bad_verification_code"}', 'text/plain', 400)],
    ['as text/html', text('{"error":"bad_verification_code"}', 'text/html', 400)],
  ])('is an error of any server, declared or not: %s', async (_, token) => {
    const { scope_separator, ...every }: Deviations = {
      scope_separator: ',',
      token_type_missing: 'bearer',
      token_response: 'text',
    }
    for (const declared of [{}, { scope_separator }, every, { token_response: 'form' } as const])
      expect(await expectFailure(declared, token, 'token_endpoint_error')).toMatchObject({
        error: 'bad_verification_code',
      })
  })

  it('is an error as a form only where forms are declared', async () => {
    const token = (status: number) => form({ error: 'bad_verification_code', error_description: 'x' }, status)
    for (const status of [200, 400])
      expect(
        await expectFailure({ token_response: 'form' }, token(status), 'token_endpoint_error'),
      ).toMatchObject({ error: 'bad_verification_code', error_description: 'x' })
    await expectFailure({}, token(200), 'unexpected_content_type')
    await expectFailure({}, token(400), 'bad_status')
  })
})

describe('a token request', () => {
  const SECRET = 'canary-client-secret-1'
  const grant: fc.Arbitrary<TokenGrant> = fc.oneof(
    fc.constant({ grant_type: 'authorization_code', code: 'C', code_verifier: 'V' } as const),
    fc.constant({ grant_type: 'refresh_token', refresh_token: 'R' } as const),
  )
  const deviations = fc.record(
    { token_request: fc.constant('query' as const), refresh_authentication: fc.constant('none' as const) },
    { requiredKeys: [] },
  )

  it('never has a secret in its address, and one in its body unless the token goes alone', async () => {
    const check = async (asked: TokenGrant, declared: Deviations) => {
      const { token_request, refresh_authentication } = declared
      const endpoint = { name: 'Forge', token_endpoint: 'https://forge.example/token', ...declared }
      const request = createTokenRequest(endpoint, { ...asked, client_id: 'APP' }, { client_secret: SECRET })
      const body = new URLSearchParams(await request.text())
      const { searchParams } = new URL(request.url)
      expect(request.url).not.toContain(SECRET)
      const isAlone = refresh_authentication && asked.grant_type === 'refresh_token'
      expect(body.get('client_secret')).toBe(isAlone ? null : SECRET)
      const told = token_request ? searchParams : body
      expect(told.get('client_id')).toBe(isAlone ? null : 'APP')
      expect(told.get('grant_type')).toBe(asked.grant_type)
      // Each stands in one place.
      expect([...searchParams.keys()].filter((name) => body.has(name))).toEqual([])
    }
    await fc.assert(fc.asyncProperty(grant, deviations, check))
  })
})
