import type { Client } from '../client.ts'
import type { Account } from '../store.ts'

/** What one person has agreed to for one application; all tokens between the two hang on it. */
export interface Grant {
  readonly id: number
  readonly client: Client
  readonly account: Account
  /** Empty: everything. */
  scope: string
  /** Of the last question, for the ID tokens of all answers. */
  nonce: string
  /** Counts what was issued, so that a refresh token of an earlier count can be refused. */
  counter: number
}

/** What people have agreed to. */
export type Grants = ReturnType<typeof createGrants>

/** Builds the list of what people have agreed to. */
export function createGrants() {
  const grants = new Set<Grant>()
  let last = 0
  const find = (client: Client, account: Account) =>
    [...grants].find((grant) => grant.client === client && grant.account === account)
  return {
    find,
    findById: (id: number) => [...grants].find((grant) => grant.id === id),
    /** Agrees, or agrees to another scope than before. */
    give({ client, account, scope, nonce }: Pick<Grant, 'client' | 'account' | 'scope' | 'nonce'>): Grant {
      last += 1
      const grant = find(client, account) ?? { id: last, client, account, scope, nonce, counter: 1 }
      Object.assign(grant, { scope, nonce })
      grants.add(grant)
      return grant
    },
    clear: () => grants.clear(),
  }
}
