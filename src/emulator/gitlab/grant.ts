import type { Client } from '../client.ts'
import type { Incoming } from '../message.ts'
import type { Store, Token } from '../store.ts'
import { authenticateClient } from './client-authentication.ts'
import { Refusal } from './refusal.ts'

/** Wins a token from the parameters of a token request, or throws a {@link Refusal}. */
export type Grant = (incoming: Incoming, store: Store) => Promise<Token> | Token

/** Reads a parameter that must be there. */
export function required(params: URLSearchParams, name: string): string {
  const value = params.get(name)
  if (!value) throw new Refusal('invalid_request', { missing: name })
  return value
}

/** Finds the client a request comes from, or refuses. */
export function authenticated(incoming: Incoming, store: Store): Client {
  const client = authenticateClient(incoming, store)
  if (!client) throw new Refusal('invalid_client')
  return client
}
