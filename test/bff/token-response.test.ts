import { describe, expect, it } from 'vitest'
import type { OAuthErrorCode } from '../../src/bff/index.ts'
import { type Answer, json } from '../client/app.ts'
import { back, type Changes, leadsTo, startBff, until } from './app.ts'
import { expectRefusal } from './refusal.ts'

/** A good answer, but for one thing. */
const but = (changes: object, init: ResponseInit = {}): Answer => {
  const good = { access_token: 'canary-access', token_type: 'bearer', expires_in: 7200, scope: 'read_user' }
  return () => json({ ...good, ...changes }, init)
}
const text = (body: string, type: string, status = 200): Answer => {
  return () => new Response(body, { status, headers: { 'content-type': type } })
}
const raw = (body: string): Answer => text(body, 'application/json')
const GOOD = '{"access_token":"canary-access","token_type":"bearer"}'

/** A body that comes in pieces and never ends by itself. */
const endless = (pause: number): Answer => {
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (pause) await new Promise((resolve) => setTimeout(resolve, pause))
    controller.enqueue(new Uint8Array(pause ? 1 : 65_536).fill(32))
  }
  const headers = { 'content-type': 'application/json' }
  return () => new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { headers })
}
const broken: Answer = () => {
  const start = (controller: ReadableStreamDefaultController) => controller.error(new Error('canary'))
  return new Response(new ReadableStream({ start }), { headers: { 'content-type': 'application/json' } })
}
const hasty: Changes = { timeout: 40 }

describe('an answer of the token endpoint signs nobody in:', () => {
  it.each<[string, Answer, OAuthErrorCode, Changes?]>([
    ['H21: no token_type', but({ token_type: undefined }), 'missing_token_type'],
    ['H23: "mac"', but({ token_type: 'mac' }), 'unsupported_token_type'],
    ['H24: "DPoP"', but({ token_type: 'DPoP' }), 'unsupported_token_type'],
    ['H25: a list', but({ token_type: ['bearer'] }), 'unsupported_token_type'],
    ['H27: a lifetime below zero', but({ expires_in: -1 }), 'invalid_expires_in'],
    ['H27: a lifetime in words', but({ expires_in: '1h' }), 'invalid_expires_in'],
    ['H28: NaN', raw(GOOD.replace('}', ',"expires_in":NaN}')), 'invalid_json'],
    ['H30: no token', but({ access_token: undefined }), 'missing_access_token'],
    ['H30: an empty token', but({ access_token: '' }), 'missing_access_token'],
    ['H30: null', but({ access_token: null }), 'missing_access_token'],
    ['H30: a number', but({ access_token: 1 }), 'invalid_access_token'],
    ['H30: an object', but({ access_token: {} }), 'invalid_access_token'],
    ['H30: a token that no header carries', but({ access_token: 'a\r\nx: y' }), 'invalid_access_token'],
    ['H34: an error with status 200', but({ error: 'bad_verification_code' }), 'token_endpoint_error'],
    ['H35: an error as text', text('{"error":"invalid_grant"}', 'text/plain', 400), 'token_endpoint_error'],
    ['H36: a token as text', text(GOOD, 'text/plain'), 'unexpected_content_type'],
    [
      'H36b: a form',
      text('access_token=a&token_type=bearer', 'application/x-www-form-urlencoded'),
      'unexpected_content_type',
    ],
    ['H37: a page', text('<h1>canary</h1>', 'text/html'), 'unexpected_content_type'],
    ['H37: a page of a gateway', text('<h1>canary</h1>', 'text/html', 502), 'bad_status'],
    ['H38: more than 1 MiB', endless(0), 'response_too_large'],
    ['H39: one byte at a time', endless(5), 'timeout', hasty],
    ['H39: nothing at all', () => new Promise(() => {}), 'timeout', hasty],
    ['H40: half of it', raw(GOOD.slice(0, 30)), 'invalid_json'],
    ['H40: a body that breaks off', broken, 'network_error'],
    ['H40: nobody there', () => Promise.reject(new TypeError('canary')), 'network_error'],
    ['H42: a list', raw(`[${GOOD}]`), 'not_object'],
    ['H42: a text', raw('"canary"'), 'not_object'],
    ['H42: null', raw('null'), 'not_object'],
    ['H42: a number', raw('1'), 'not_object'],
    ['H44: nothing, with status 200', raw(''), 'invalid_json'],
    ['H44: status 204', () => new Response(null, { status: 204 }), 'bad_status'],
    [
      'H45: a wrong secret',
      () => json({ error: 'invalid_client' }, { status: 401, headers: { 'www-authenticate': 'Basic' } }),
      'token_endpoint_error',
    ],
    [
      'a wrong secret at Gitea',
      () => json({ error: 'unauthorized_client' }, { status: 400 }),
      'token_endpoint_error',
    ],
  ])('%s', (_, token, code, app = {}) => expectRefusal({ token, code, app }))
})

describe('an answer of the token endpoint signs in:', () => {
  it.each<[string, Answer, object]>([
    ['H22: "BEARER"', but({ token_type: 'BEARER' }), { scope: 'read_user' }],
    ['H26: a lifetime in digits', but({ expires_in: '3600' }), { expires_at: 3_600_000 }],
    ['H27: half a second', but({ expires_in: 1.5 }), { expires_at: 1000 }],
    ['H29: no time at all', but({ expires_in: 0 }), { expires_at: 0 }],
    ['H29: no lifetime', but({ expires_in: null }), { expires_at: undefined }],
    ['H32: less than was asked for', but({ scope: 'email' }), { scope: 'email' }],
    ['H33: more than was asked for', but({ scope: 'read_user api' }), { scope: 'read_user api' }],
    ['no scope: it is that which was asked for', but({ scope: undefined }), { scope: 'read_user' }],
    ['H41: a byte order mark', raw(`\ufeff${GOOD}`), {}],
    ['H43: a name twice', raw(GOOD.replace('{', '{"access_token":"first",')), {}],
    ['members that nobody knows', but({ created_at: 1, __proto__: 1, id_token: 'x' }), {}],
  ])('%s', async (_, token, expected) => {
    const app = startBff()
    app.answers.token = token
    const start = app.clock.now
    expect(leadsTo(await app.finish(back('gitlab', await app.start())))).toBe('/')
    const { gitlab } = await (await app.browser.send('/auth/session')).json()
    const { expires_at, ...rest } = gitlab
    expect({ ...rest, expires_at: expires_at && expires_at - start }).toMatchObject(expected)
    expect(app.accounts()[0]?.request.headers.get('authorization')).toBe('Bearer canary-access')
  })
})

describe('the scope that an app demands', () => {
  it.each<[string, Changes, string, OAuthErrorCode | '']>([
    [
      'is not there',
      { providers: { gitlab: { scope: 'api read_user', requiredScope: 'api' } } },
      'read_user',
      'scope_insufficient',
    ],
    ['is there', { providers: { gitlab: { requiredScope: 'read_user' } } }, 'api read_user', ''],
    ['is exceeded', { providers: { gitlab: { exactScope: true } } }, 'read_user api', 'scope_exceeded'],
    ['is met exactly', { providers: { gitlab: { exactScope: true } } }, 'read_user', ''],
  ])('%s', async (_, changes, scope, code) => {
    const app = startBff(changes)
    app.answers.token = but({ scope, refresh_token: 'canary-refresh' })
    const answer = await app.finish(back('gitlab', await app.start()))
    expect(leadsTo(answer)).toBe(code ? `/?forgepass_error=${code}` : '/')
    const revoked = code ? ['canary-refresh', 'canary-access'] : []
    await until(() => expect(app.revocations().map(({ body }) => body.get('token'))).toEqual(revoked))
    for (const { body } of app.revocations()) expect(body.get('client_secret')).toBe('canary-client-secret-1')
  })
})
