import { type Claims, isToken } from '../protocol/token.ts'
import type { Account } from '../provider/provider.ts'

/** A session as the app sees it: no token in it. */
export interface Session {
  /** Who signed in; absent until the forge has told. */
  readonly account?: Account
  /** What the latest ID token says of who signed in, checked; absent unless `openid` was asked for. */
  readonly claims?: Claims | undefined
  /** Space-separated, as granted; what was asked for where the server does not say. */
  readonly scope?: string | undefined
  /** Milliseconds since the epoch; absent if the server named no lifetime. */
  readonly expires_at?: number | undefined
  /** The last refresh failed for a passing reason; the next use tries again. */
  readonly stale?: boolean | undefined
}

/** A session as it is stored, with its tokens. */
export interface SessionRecord {
  readonly version: 1
  /** The client it belongs to: issuer, client_id and name. */
  readonly client: string
  /** Random, one for each sign-in: tells a refreshed session from another one. */
  readonly id: string
  readonly access_token: string
  readonly refresh_token?: string | undefined
  /** Milliseconds since the epoch, from which on the tokens are renewed before anybody needs new ones. */
  readonly renew_at?: number | undefined
  /** Counts its renewals: tells a refresh token from the one before. */
  readonly serial?: number | undefined
  readonly session: Session
}

/** Stands for an account, or for claims, that are not there. */
const NOBODY = { id: '', username: '', iss: '', sub: '' }

/** Takes a stored value for this client's session only if every member is what it must be. */
export function readRecord(value: unknown, key: string): SessionRecord | undefined {
  const record = Object(value)
  const { version, client, id, access_token, refresh_token = '', renew_at = 0, serial = 0, session } = record
  const { scope = '', expires_at = 0, stale = true, account = NOBODY, claims = NOBODY } = Object(session)
  const { iss, sub } = Object(claims)
  const { id: owner, username } = Object(account)
  const more = Object.values(Object(account)).filter((member) => member !== undefined)
  const texts = [id, refresh_token, scope, iss, sub, owner, username, ...more]
  const isWhole =
    version === 1 &&
    client === key &&
    isToken(access_token) &&
    texts.every((text) => typeof text === 'string') &&
    [renew_at, serial, expires_at].every(Number.isFinite) &&
    typeof stale === 'boolean' &&
    [session, account, claims].every((part) => Object.prototype.toString.call(part) === '[object Object]')
  return isWhole ? record : undefined
}

/** A refresh that was sent and whose answer is not stored: its refresh token may be spent. Never a token. */
export interface Attempt {
  /** Of the record that it was sent for. */
  readonly id: string
  readonly serial: number
  /** When it was last sent. Milliseconds since the epoch. */
  readonly sent_at: number
  /** How often it was sent. */
  readonly tries: number
}

/** Takes a stored value for an attempt to renew this record, if it is one. */
export function readAttempt(value: unknown, record: SessionRecord): Attempt | undefined {
  const { id, serial, sent_at, tries } = Object(value)
  const isOfRecord = id === record.id && serial === (record.serial ?? 0)
  const areNumbers = Number.isFinite(sent_at) && Number.isFinite(tries)
  return isOfRecord && areNumbers ? { id, serial, sent_at, tries } : undefined
}
