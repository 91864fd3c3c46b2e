import type { TokenSet } from '../protocol/token.ts'
import type { Account, Grants, Provider } from '../provider/provider.ts'

/** What a grant may use. */
export interface GrantContext {
  readonly provider: Provider
  readonly fetch: typeof fetch
  /** Milliseconds that one answer may take. */
  readonly timeout: number
}

/** A way to win a token without a trip of the person; `Input` is what `login()` is given. */
export interface Grant<Name extends keyof Grants, Input> {
  /** Its name among a provider's grants. */
  readonly name: Name
  /** What differs at the provider for tokens won this way. */
  readonly provider?: Partial<Provider>
  /** Wins the tokens, and the account where that is how they are checked. */
  win(context: GrantContext, input: Input): Promise<TokenSet & { readonly account?: Account | undefined }>
}
