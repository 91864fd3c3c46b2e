import { randomHex } from './random.ts'
import type { Account } from './store.ts'

/** The browser that sent a request, with its web session; the session begins when it is first needed. */
export interface Visitor {
  readonly account: Account | undefined
  /** What every form of this session carries. */
  readonly authenticity_token: string
  /** Where signing in leads, as a path below the forge's address; Rails keeps it in the session. */
  return_to: string | undefined
  /** Begins a new session for the account, so that a session planted before is worth nothing. */
  signIn(account: Account): void
  signOut(): void
  /** The session's cookie, if it began with this request. */
  readonly setCookie: string | undefined
}

interface WebSession {
  readonly authenticity_token: string
  readonly account?: Account
  return_to?: string | undefined
}

/** Reads one cookie of a request (RFC 6265 section 5.4). */
function readCookie(request: Request, name: string): string {
  const pairs = (request.headers.get('cookie') ?? '').split(/;\s*/)
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

/** Builds the function that recognises a forge's visitors by their cookie. */
export function createVisitors(cookie: { name: string; path: string }) {
  const sessions = new Map<string, WebSession>()
  return (request: Request): Visitor => {
    let id = readCookie(request, cookie.name)
    let session = sessions.get(id)
    let setCookie: string | undefined
    const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
    const begin = (account?: Account): WebSession => {
      sessions.delete(id)
      id = randomHex(16)
      session = { authenticity_token: randomHex(32), ...(account && { account }) }
      sessions.set(id, session)
      setCookie = `${cookie.name}=${id}; Path=${cookie.path}; HttpOnly; SameSite=Lax${secure}`
      return session
    }
    const current = () => session ?? begin()
    return {
      get account() {
        return session?.account
      },
      get authenticity_token() {
        return current().authenticity_token
      },
      get return_to() {
        return session?.return_to
      },
      set return_to(path) {
        current().return_to = path
      },
      signIn: (account) => void begin(account),
      signOut: () => void begin(),
      get setCookie() {
        return setCookie
      },
    }
  }
}
