import { type Incoming, json, type Route } from '../message.ts'
import { Refusal, refusable } from '../refusal.ts'
import type { Account, Store } from '../store.ts'
import { type GitKrakenErrors, refuseCall } from './errors.ts'
import { mayRead } from './scope.ts'

/** Finds whose token a request shows, in the header or the query (RFC 6750 section 2). */
function readAccount(incoming: Incoming, { store, what }: { store: Store; what: 'board' | 'user' }): Account {
  const { headers, params } = incoming
  const value = /^Bearer (.*)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? params.get('access_token')
  const token = value ? store.findCredential(value) : undefined
  if (!token || token.revoked) throw new Refusal('invalid_token', 'The access token is missing or wrong.')
  if (!mayRead(token.scope, what))
    throw new Refusal('insufficient_scope', `This takes the scope ${what}:read.`)
  return token.account
}

/** Picks the members that `fields` names, or the default ones. */
function select(
  whole: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => fields.includes(name)))
}

const fieldsOf = ({ params }: Incoming): string[] | undefined =>
  (params.get('fields') || undefined)?.split(',')

const userId = ({ id }: Account) => `6e1f0c52-9d3b-4a7e-8c40-${`${id}`.padStart(12, '0')}`

const userOf = (account: Account) => {
  const { name, username, email } = account
  return { id: userId(account), name, username, email }
}

const boardsOf = (account: Account) =>
  ['Lantern', 'Tide tables', 'Garden'].map((name, index) => ({
    id: `5d1a7b20c0ffee${`${account.id * 10 + index}`.padStart(10, '0')}`,
    name,
    created_date: '2019-04-02T08:15:00.000Z',
    created_by: { id: userId(account) },
  }))

/** Builds the part of the API that applications try first. */
export function apiRoutes(store: Store, errors: GitKrakenErrors): Record<string, Route> {
  const guarded = (what: 'board' | 'user', body: (account: Account, incoming: Incoming) => unknown) =>
    refusable(
      (incoming) => json(body(readAccount(incoming, { store, what }), incoming)),
      // Assumed: 401 for a token that is none, 403 for one that may not.
      (refusal) => refuseCall(refusal, { errors, status: refusal.error === 'invalid_token' ? 401 : 403 }),
    )
  return {
    'GET /v1/glo/user': guarded('user', (account, incoming) =>
      select(userOf(account), fieldsOf(incoming) ?? ['username']),
    ),
    'GET /v1/glo/boards': guarded('board', (account, incoming) =>
      boardsOf(account).map((board) => select(board, ['id', ...(fieldsOf(incoming) ?? ['name'])])),
    ),
  }
}
