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
  readonly stale?: boolean
}

/** A session as it is stored, with its tokens. */
export interface SessionRecord {
  readonly version: 1
  /** The client it belongs to: issuer, client_id and name. */
  readonly client: string
  /** Random, one for each sign-in: tells a refreshed session from another one. */
  readonly id: string
  /** Counts the refreshes, so that the newer of two records is known. */
  readonly turn: number
  readonly access_token: string
  readonly refresh_token?: string | undefined
  readonly session: Session
}

/** Takes a stored value for this client's session only if every member is what it must be. */
export function readRecord(value: unknown, client: string): SessionRecord | undefined {
  const record = value as SessionRecord | null | undefined
  const { version, client: owner, id, turn, access_token, refresh_token = '', session } = record ?? {}
  const { scope = '', expires_at = 0, account = {} } = session ?? { scope: 0 }
  const types = [id, access_token, refresh_token, scope, turn, expires_at, account].map((member) => typeof member)
  const valid = `${types}` === 'string,string,string,string,number,number,object'
  return version === 1 && owner === client && valid ? (record as SessionRecord) : undefined
}
