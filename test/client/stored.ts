import { expect } from 'vitest'
import { OAuthError } from '../../src/index.ts'

const isText = (value: unknown) => typeof value === 'string'
const isTextOrNone = (value: unknown) => value === undefined || isText(value)
const isMomentOrNone = (value: unknown) => value === undefined || Number.isFinite(value)
const isPlain = (value: unknown): value is Record<string, unknown> =>
  Object(value) === value &&
  !Array.isArray(value) &&
  Object.prototype.toString.call(value) === '[object Object]'

/** Whether an app can show it as the account that the types promise. */
const isAccount = (value: unknown) =>
  isPlain(value) && isText(value.id) && isText(value.username) && Object.values(value).every(isTextOrNone)

/** Whether everything that the types promise of a session is so. */
export function isSession(value: unknown): boolean {
  if (!isPlain(value)) return false
  const { account, claims, scope, expires_at, stale } = value
  return (
    (account === undefined || isAccount(account)) &&
    (claims === undefined || (isPlain(claims) && isText(claims.iss) && isText(claims.sub))) &&
    isTextOrNone(scope) &&
    isMomentOrNone(expires_at) &&
    (stale === undefined || typeof stale === 'boolean')
  )
}

/** Whether a stored value is the session of the client `key`, and all of it. */
export function isRecord(value: unknown, key: string): boolean {
  if (!isPlain(value)) return false
  const { version, client, id, access_token, refresh_token, renew_at, serial, session } = value
  return (
    version === 1 &&
    client === key &&
    isText(id) &&
    isText(access_token) &&
    /^[ -~]+$/.test(`${access_token}`) &&
    isTextOrNone(refresh_token) &&
    isMomentOrNone(renew_at) &&
    isMomentOrNone(serial) &&
    isSession(session)
  )
}

/** Expects a failure to be one with a name; gives its code. */
export function codeOf(error: unknown): string {
  expect(error, `${error}`).toBeInstanceOf(OAuthError)
  return (error as OAuthError).code
}
