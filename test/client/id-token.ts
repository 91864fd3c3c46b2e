import { expect } from 'vitest'
import { type App, type Changes, json, startApp, until } from './app.ts'

/** Anything that can stand in an ID token. */
export type Members = Readonly<Record<string, unknown>>

/** Writes one part of a JWT (RFC 7515 section 2). */
export const encodePart = (part: unknown): string =>
  Buffer.from(JSON.stringify(part) ?? '').toString('base64url')

/** Writes a JWT whose signature nobody checks. */
export const writeJwt = (claims: unknown, header: unknown = { alg: 'RS256', kid: '1' }): string =>
  `${encodePart(header)}.${encodePart(claims)}.c2lnbmVk`

/** What a good ID token of an app says; without a nonce, as after a refresh. */
export const claimsOf = ({ base, clock }: App, nonce?: string | null): Members => {
  const iat = Math.floor(clock.now / 1000)
  const times = { iat, exp: iat + 120, auth_time: iat - 5 }
  return { iss: base, sub: '7', aud: 'spa', ...times, ...(nonce && { nonce }) }
}

/** A token response with an ID token, or anything in its place. */
export const grantWith =
  (id_token: unknown, name = '1') =>
  () =>
    json({
      ...{ access_token: `AT-${name}`, refresh_token: `RT-${name}` },
      ...{ token_type: 'Bearer', expires_in: 7200, scope: 'openid read_user', id_token },
    })

/** An app that asks for `openid`. */
export const startOpenidApp = (changes: Changes = {}): App =>
  startApp({ scope: 'openid read_user', ...changes })

/** Signs in; `write` makes the ID token of the claims that would be good. */
export async function signInWith(
  app: App,
  write: (claims: Members) => unknown = (claims) => writeJwt(claims),
) {
  const request = await app.start()
  app.answers.token = grantWith(write(claimsOf(app, request.get('nonce'))))
  return { request, done: app.client.callback(app.back(request)) }
}

/** Expects that nothing is left of a sign-in, and that what was granted is taken back. */
export async function expectNothingLeft(app: App) {
  expect([...app.storage]).toEqual([])
  expect(await app.client.session()).toBeNull()
  await until(() => {
    expect(app.revocations().map(({ body }) => body.get('token'))).toEqual(['RT-1', 'AT-1'])
  })
  expect(app.sent.map(({ url }) => new URL(url).pathname)).toEqual([
    '/oauth/token',
    '/oauth/revoke',
    '/oauth/revoke',
  ])
}
