import { isToken } from '../protocol/token.ts'
import type { Account } from '../provider/provider.ts'

/** A session as the app sees it: no token in it. */
export interface Session {
  /** Who signed in; absent until the forge has told. */
  readonly account?: Account
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
  readonly session: Session
}

/** Takes a stored value for this client's session only if every member is what it must be. */
export function readRecord(value: unknown, key: string): SessionRecord | undefined {
  const record = Object(value)
  const { version, client, id, access_token, refresh_token = '', session } = record
  const { scope = '', expires_at = 0, account = {} } = Object(session)
  const types = [id, access_token, refresh_token, scope, expires_at, session, account].map((member) =>
    member === null ? 'null' : typeof member,
  )
  const valid = `${types}` === 'string,string,string,string,number,object,object' && isToken(access_token)
  return version === 1 && client === key && valid ? record : undefined
}
