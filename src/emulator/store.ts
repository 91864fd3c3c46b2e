import type { Client } from './client.ts'
import { randomHex } from './random.ts'

/** A person who has an account at the forge. */
export interface User {
  readonly username: string
  readonly password: string
  readonly name: string
  readonly email: string
  /** Has a second factor, so that GitLab takes the password from no application. */
  readonly two_factor?: true
  /** Absolute. Default: a picture of the initials, served by the forge. */
  readonly avatar_url?: string
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
  /** What the ID token has to repeat (OpenID Connect Core section 3.1.2.1). */
  readonly nonce?: string
}

/** A {@link Code} that was handed out. */
export interface IssuedCode extends Code {
  expires_at: number
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

/** A token that a person made in their settings and gave to an application by hand. */
export interface PersonalToken {
  readonly username: string
  readonly token: string
  /** Default: all the person may do. */
  readonly scope?: string
}

/** What an API asks of a token, whichever way it was won. */
export type Credential = Pick<Token, 'account' | 'scope' | 'expires_at' | 'revoked'>

/** What fills a forge. */
export interface StoreOptions {
  /** Default: Ada and Jonas. */
  readonly users?: readonly User[]
  /** Default: `forgepass-demo`, and where that has no secret `forgepass-demo-bff`, which has one. */
  readonly clients?: readonly Client[]
  /** Default: one for each person, such as `ada-personal-token`. */
  readonly personal_access_tokens?: readonly PersonalToken[]
  /** The clock, in ms since the epoch. */
  readonly now?: () => number
  /** Lifetime of an access token in seconds. Default: what the real forge has. */
  readonly expires_in?: number
}

/** What a forge of one kind holds where nothing else is said. */
export interface StoreDefaults {
  readonly clients: readonly Client[]
  /** Lifetime of an access token in seconds. */
  readonly expires_in: number
  /** The scope that allows everything, for personal access tokens. */
  readonly scope: string
}

const people: readonly User[] = [
  { username: 'ada', password: 'ada-lantern', name: 'Ada Okafor', email: 'ada@forge.example' },
  { username: 'jonas', password: 'jonas-harbour', name: 'Jonas Lindqvist', email: 'jonas@forge.example' },
]

/** How long an authorization code lives in seconds, unless its forge says otherwise. */
const codeLifetime = 600

/** What a forge remembers. */
export type Store = ReturnType<typeof createStore>

/** Builds the memory of a forge: its people, its applications, the codes and tokens it gave out, and its clock. */
export function createStore(options: StoreOptions, defaults: StoreDefaults) {
  const { users = people, now = Date.now } = options
  const { clients = defaults.clients, expires_in = defaults.expires_in } = options
  const accounts: readonly Account[] = users.map((user, index) => ({ ...user, id: index + 1 }))
  const personal_access_tokens = options.personal_access_tokens ?? accounts.map(personalTokenOf)
  const codes = new Map<string, IssuedCode>()
  const tokens = new Set<Token>()
  const personal = new Map(readPersonalTokens(personal_access_tokens, { accounts, scope: defaults.scope }))
  const findToken = (accepts: (token: Token) => boolean) => [...tokens].find(accepts)
  return {
    now,
    expires_in,
    accounts,
    clients,
    personal_access_tokens,
    findClient: (client_id: string) => clients.find((client) => client.client_id === client_id),
    signIn: (login: string, password: string) =>
      accounts.find(
        ({ username, email, password: own }) => [username, email].includes(login) && own === password,
      ),
    issueCode(code: Code, lifetime = codeLifetime) {
      const value = randomHex(32)
      codes.set(value, { ...code, expires_at: now() + lifetime * 1000, used: false })
      return value
    },
    findCode: (value: string) => codes.get(value),
    /** Lets every code run out now. */
    expireCodes() {
      for (const code of codes.values()) code.expires_at = Number.NEGATIVE_INFINITY
    },
    issueToken(owner: Pick<Token, 'client' | 'account' | 'scope'>, values = randomValues()): Token {
      const { client, account, scope } = owner
      const created_at = now()
      const times = { created_at, expires_at: created_at + expires_in * 1000 }
      const token: Token = { client, account, scope, ...values, ...times, revoked: false }
      tokens.add(token)
      return token
    },
    findToken,
    findPersonalToken: (value: string): Credential | undefined => personal.get(value),
    findCredential: (value: string): Credential | undefined =>
      findToken(({ access_token }) => access_token === value) ?? personal.get(value),
    /** Revokes all that came of the same sign-ins as a refresh token. */
    revokeFamily(refresh_token: string) {
      const known = findToken((token) => token.refresh_token === refresh_token)
      for (const token of tokens)
        if (token.client === known?.client && token.account === known.account) token.revoked = true
    },
    revokeAll() {
      for (const token of tokens) token.revoked = true
      personal.clear()
    },
  }
}

const randomValues = () => ({ access_token: randomHex(32), refresh_token: randomHex(32) })

const personalTokenOf = ({ username }: Account): PersonalToken => ({
  username,
  token: `${username}-personal-token`,
})

/** Pairs the texts of personal access tokens with what they allow; throws for a token of nobody. */
function readPersonalTokens(
  list: readonly PersonalToken[],
  { accounts, scope }: { accounts: readonly Account[]; scope: string },
): [string, Credential][] {
  return list.map((personal) => {
    const account = accounts.find(({ username }) => username === personal.username)
    if (!account) throw new TypeError(`A personal access token is of "${personal.username}", who is no user.`)
    return [
      personal.token,
      { account, scope: personal.scope ?? scope, expires_at: Number.POSITIVE_INFINITY, revoked: false },
    ]
  })
}
