import type {
  AuthorizationOptions,
  AuthorizationResponse,
  AuthorizationTransaction,
} from '../protocol/authorization.ts'
import type { RedeemOptions } from '../protocol/code.ts'
import type { TokenSet } from '../protocol/token.ts'
import type { Account, Grants, Provider } from '../provider/provider.ts'

/** What a grant may use. */
export interface GrantContext {
  readonly provider: Provider
  /** Empty where the client has none. */
  readonly client_id: string
  readonly fetch: typeof fetch
  readonly now: () => number
  /** Milliseconds that one answer may take. */
  readonly timeout: number
}

/** Tokens, and the account where that is how they are checked. */
export type WonTokens = TokenSet & { readonly account?: Account | undefined }

/** A way to win a token other than by a code: at once from what `login()` is given, or from another authorization response. */
export interface Grant<Name extends keyof Grants, Input> {
  /** Its name among a provider's grants. */
  readonly name: Name
  /** What differs at the provider for tokens won this way. */
  provider?(provider: Provider): Partial<Provider>
  /** Wins the tokens without a trip of the person; `Input` is what `login()` is given. */
  win?(context: GrantContext, input: Input): Promise<WonTokens>
  /** What the person's trip asks for in place of a code. */
  readonly request?: Pick<AuthorizationOptions, 'pkce' | 'response_type'>
  /** Judges the response of that trip and wins the tokens from it. */
  redeem?(
    transaction: AuthorizationTransaction,
    response: AuthorizationResponse,
    options: RedeemOptions,
  ): Promise<WonTokens>
}
