import type { TokenSet } from '../protocol/token.ts'
import type { Account } from '../provider/provider.ts'
import { createBoundedMap } from './bounded-map.ts'
import { type CookieScope, listCookies, readCookie, writeCookie } from './cookies.ts'
import type { Seal } from './seal.ts'

/** One person's session at one forge. */
export interface BffSession extends TokenSet {
  /** Random, new at each sign-in. */
  readonly id: string
  readonly account?: Account | undefined
  /** Milliseconds since the epoch of the last refresh. */
  readonly refreshed_at?: number
  /** A page has asked for less scope than was granted: it is all there is from then on, or the forge gave no less. */
  readonly narrowing?: 'done' | 'refused'
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
  /** A cookie was there that will never open anything. */
  readonly unusable: boolean
  /** The cookie is older than the session: to be sent anew. */
  readonly outdated: boolean
}

/** What a session belongs to. */
export interface SessionOwner {
  /** The forge's name in the addresses. */
  readonly name: string
  /** The server and the application there: tokens are for no other, whatever a name leads to by then. */
  readonly server: string
}

/** Keeps sessions in sealed cookies; what a cookie cannot know, such as that its session has ended, is known until the process ends. */
export interface SessionStore {
  find(request: Request, owner: SessionOwner): Promise<FoundSession>
  /** A new session of these tokens. */
  begin(tokens: TokenSet): BffSession
  /** Changes a session, one change at a time; `task` gets its newest state, or nothing if it has ended meanwhile. */
  change(
    session: BffSession,
    task: (current: BffSession | undefined) => Promise<Omit<BffSession, 'version'> | undefined>,
  ): Promise<BffSession | undefined>
  /** Ends a session in this process: its cookie opens nothing any more. `false` if it had ended before. */
  end(session: Pick<BffSession, 'id' | 'ends_at'>): boolean
  /** The session with as much of its account and its claims as fits into a cookie; `undefined` if not even its tokens do. */
  fit(owner: SessionOwner, session: BffSession): Promise<BffSession | undefined>
  /** The Set-Cookie values that keep a session: none if it has ended meanwhile. */
  keep(owner: SessionOwner, session: BffSession): Promise<string[]>
  /** The Set-Cookie value that removes the session there is. */
  remove(owner: SessionOwner): string
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
  const nameOf = ({ name }: SessionOwner) => `${scope.prefix}.session.${name}`
  const current = (session: BffSession) =>
    ended.get(session.id) ? undefined : (newest.get(session.id) ?? session)

  const open = async (owner: SessionOwner, value: string) => {
    const name = nameOf(owner)
    // With its name: another cookie of the same value opens nothing.
    const pair = `${name}=${value}`
    const known = opened.get(pair)
    if (known) return known
    const { session, server } = (await seal.open(name, value)) ?? {}
    if (!session || server !== owner.server) return
    opened.set(pair, session as BffSession, (session as BffSession).ends_at)
    return session as BffSession
  }
  const write = async (owner: SessionOwner, session: BffSession) => {
    const [name, { server }] = [nameOf(owner), owner]
    const value = await seal.seal(name, { session, server }, session.ends_at)
    const maxAge = Math.floor((session.ends_at - now()) / 1000)
    return { value, cookie: writeCookie(scope, { name, value, maxAge, sameSite: 'Strict' }) }
  }
  return {
    async find(request, owner) {
      const name = nameOf(owner)
      const presented = listCookies(request).some(([other]) => other.toLowerCase() === name.toLowerCase())
      const value = readCookie(request, name)
      const found = value ? await open(owner, value) : undefined
      const session = found && current(found)
      const outdated = session?.version !== found?.version
      return { presented, unusable: presented && !found, outdated, ...(session && { session }) }
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
    end({ id, ends_at }) {
      if (ended.get(id)) return false
      ended.set(id, true, ends_at)
      return true
    },
    async fit(owner, session) {
      const { account, claims, ...rest } = session
      const bare = { ...rest, ...(claims && { claims: { iss: claims.iss, sub: claims.sub } }) }
      const short = account && { id: account.id, username: account.username }
      for (const one of [session, { ...bare, account: short }, bare])
        if ((await write(owner, one)).cookie.length <= LARGEST) return one
    },
    async keep(owner, session) {
      const { value, cookie } = await write(owner, session)
      // Asked last: meanwhile it may have ended.
      if (!current(session)) return []
      opened.set(`${nameOf(owner)}=${value}`, session, session.ends_at)
      return [cookie]
    },
    remove: (owner) => writeCookie(scope, { name: nameOf(owner), value: '', maxAge: 0, sameSite: 'Strict' }),
  }
}
