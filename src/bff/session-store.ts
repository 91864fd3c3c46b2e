import { fail } from '../protocol/errors.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { Account } from '../provider/provider.ts'
import { createBoundedMap } from './bounded-map.ts'
import { type CookieScope, readCookie, writeCookie } from './cookies.ts'
import type { Seal } from './seal.ts'

/** One person's session at one forge. */
export interface BffSession extends TokenSet {
  /** Random, new at each sign-in. */
  readonly id: string
  readonly account?: Account | undefined
  /** Milliseconds since the epoch, after which it is over whatever is done with it. */
  readonly ends_at: number
  /** Counts its changes, so that of two cookies the newer is known. */
  readonly version: number
}

/** What the cookies of a request say about one forge. */
export interface FoundSession {
  readonly session?: BffSession
  /** A cookie was there, good or bad. */
  readonly presented: boolean
  /** The cookie is older than the session: to be sent anew. */
  readonly outdated: boolean
}

/** Keeps sessions in sealed cookies; what a cookie cannot know, such as that its session has ended, is known until the process ends. */
export interface SessionStore {
  find(request: Request, provider: string): Promise<FoundSession>
  /** A new session of these tokens. */
  begin(tokens: TokenSet): BffSession
  /** Changes a session, one change at a time; `task` gets its newest state, or nothing if it has ended meanwhile. */
  change(
    session: BffSession,
    task: (current: BffSession | undefined) => Promise<Omit<BffSession, 'version'> | undefined>,
  ): Promise<BffSession | undefined>
  /** Ends a session in this process; its cookie opens nothing any more. */
  end(session: Pick<BffSession, 'id' | 'ends_at'>): void
  /** The Set-Cookie value that keeps a session; throws `session_too_large`. */
  keep(provider: string, session: BffSession): Promise<string>
  /** The Set-Cookie value that removes it. */
  remove(provider: string): string
}

/** A session lasts a week at most, in milliseconds. */
const LIFETIME = 7 * 24 * 3600 * 1000

/** What browsers keep: 4,096 bytes for name, value and attributes. */
const LARGEST = 4096

const LIMIT = 10_000

/** Makes the store of sealed cookies (RFC 10017 section 6.1.2.3). */
export function createSessionStore(
  scope: CookieScope,
  { seal, now }: { seal: Seal; now: () => number },
): SessionStore {
  const bounded = { limit: LIMIT, now }
  const opened = createBoundedMap<BffSession>(bounded)
  const newest = createBoundedMap<BffSession>(bounded)
  const ended = createBoundedMap<true>(bounded)
  const turns = new Map<string, Promise<unknown>>()
  const nameOf = (provider: string) => `${scope.prefix}.session.${provider}`
  const current = (session: BffSession) =>
    ended.get(session.id) ? undefined : (newest.get(session.id) ?? session)

  const open = async (name: string, value: string) => {
    // With its name: another cookie of the same value opens nothing.
    const pair = `${name}=${value}`
    const known = opened.get(pair)
    if (known) return known
    const claims = await seal.open(name, value)
    const session = claims && (claims.session as BffSession)
    if (session) opened.set(pair, session, session.ends_at)
    return session
  }
  return {
    async find(request, provider) {
      const name = nameOf(provider)
      const presented = (request.headers.get('cookie') ?? '').toLowerCase().includes(`${name.toLowerCase()}=`)
      const value = presented ? readCookie(request, name) : undefined
      const found = value ? await open(name, value) : undefined
      const session = found && found.ends_at > now() ? current(found) : undefined
      return { presented, outdated: session?.version !== found?.version, ...(session && { session }) }
    },
    begin: (tokens) => ({ ...tokens, id: crypto.randomUUID(), ends_at: now() + LIFETIME, version: 0 }),
    async change(session, task) {
      const { id, ends_at } = session
      const turn = async () => {
        const before = current(session)
        const next = await task(before)
        // What ended while the task was at work stays ended.
        if (!before || !next || ended.get(id)) return
        if (next === before) return before
        const changed = { ...next, version: before.version + 1 }
        newest.set(id, changed, ends_at)
        return changed
      }
      const work = (turns.get(id) ?? Promise.resolve()).catch(() => {}).then(turn)
      turns.set(id, work)
      return work.finally(() => turns.get(id) === work && turns.delete(id))
    },
    end: ({ id, ends_at }) => ended.set(id, true, ends_at),
    async keep(provider, session) {
      const name = nameOf(provider)
      const value = await seal.seal(name, { session }, session.ends_at)
      opened.set(`${name}=${value}`, session, session.ends_at)
      const maxAge = Math.floor((session.ends_at - now()) / 1000)
      const cookie = writeCookie(scope, { name, value, maxAge, sameSite: 'Strict' })
      return cookie.length > LARGEST
        ? fail('session_too_large', 'The tokens of this forge do not fit into a cookie.')
        : cookie
    },
    remove: (provider) =>
      writeCookie(scope, { name: nameOf(provider), value: '', maxAge: 0, sameSite: 'Strict' }),
  }
}
