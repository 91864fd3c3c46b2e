import { randomHex } from './random.ts'

/** A person who has an account at the forge. */
export interface User {
  readonly username: string
  readonly password: string
  readonly name: string
  readonly email: string
  /** Absolute. Default: a picture of the initials, served by the forge. */
  readonly avatar_url?: string
}

/** An application registered at the forge; it is confidential when it has a `client_secret` (RFC 6749 section 2.1). */
export interface Client {
  readonly client_id: string
  readonly client_secret?: string
  /** Addresses it may be sent back to; `'loopback'` stands for any http(s) address on this machine. */
  readonly redirect_uris: readonly string[] | 'loopback'
  readonly name: string
  /** Scopes it may ask for. Default: all the forge has. */
  readonly scopes?: readonly string[]
  /** An instance-wide application that nobody is asked to authorize. */
  readonly trusted?: true
}

/** A {@link User} as the forge keeps it. */
export interface Account extends User {
  readonly id: number
}

/** An authorization code with everything the exchange must agree with (RFC 6749 section 4.1.3, RFC 7636 section 4.6). */
export interface Code {
  readonly client: Client
  readonly account: Account
  readonly scope: string
  readonly redirect_uri: string
  readonly code_challenge: string
  readonly code_challenge_method: string
}

/** A {@link Code} that was handed out. */
export interface IssuedCode extends Code {
  readonly expires_at: number
  used: boolean
}

/** An access token and its refresh token, which live and die together; times in ms. */
export interface Token {
  readonly client: Client
  readonly account: Account
  readonly scope: string
  readonly access_token: string
  readonly refresh_token: string
  readonly created_at: number
  readonly expires_at: number
  revoked: boolean
}

/** What fills a forge. */
export interface StoreOptions {
  /** Default: Ada and Jonas. */
  readonly users?: readonly User[]
  /** Default: one public client, `forgepass-demo`, that may be sent back to any address on this machine. */
  readonly clients?: readonly Client[]
  /** The clock, in ms since the epoch. */
  readonly now?: () => number
  /** Lifetime of an access token in seconds. Default: 7200. */
  readonly expires_in?: number
}

const people: readonly User[] = [
  { username: 'ada', password: 'ada-lantern', name: 'Ada Okafor', email: 'ada@forge.example' },
  { username: 'jonas', password: 'jonas-harbour', name: 'Jonas Lindqvist', email: 'jonas@forge.example' },
]

/** The client that needs no registration. */
export const demoClient: Client = {
  client_id: 'forgepass-demo',
  name: 'forgepass demo',
  redirect_uris: 'loopback',
}

/** How long an authorization code lives, in ms. */
const codeLifetime = 600_000

/** What a forge remembers. */
export type Store = ReturnType<typeof createStore>

/** Builds the memory of a forge: its people, its applications, the codes and tokens it gave out, and its clock. */
export function createStore(options: StoreOptions = {}) {
  const { users = people, clients = [demoClient], now = Date.now, expires_in = 7200 } = options
  const accounts: readonly Account[] = users.map((user, index) => ({ ...user, id: index + 1 }))
  const codes = new Map<string, IssuedCode>()
  const tokens = new Set<Token>()
  return {
    now,
    expires_in,
    accounts,
    findClient: (client_id: string) => clients.find((client) => client.client_id === client_id),
    signIn: (login: string, password: string) =>
      accounts.find(
        ({ username, email, password: own }) => [username, email].includes(login) && own === password,
      ),
    issueCode(code: Code) {
      const value = randomHex(32)
      codes.set(value, { ...code, expires_at: now() + codeLifetime, used: false })
      return value
    },
    findCode: (value: string) => codes.get(value),
    issueToken(owner: Pick<Token, 'client' | 'account' | 'scope'>): Token {
      const { client, account, scope } = owner
      const created_at = now()
      const values = { access_token: randomHex(32), refresh_token: randomHex(32) }
      const times = { created_at, expires_at: created_at + expires_in * 1000 }
      const token: Token = { client, account, scope, ...values, ...times, revoked: false }
      tokens.add(token)
      return token
    },
    findToken: (accepts: (token: Token) => boolean) => [...tokens].find(accepts),
    revokeAll() {
      for (const token of tokens) token.revoked = true
    },
  }
}
