import type { Client } from '../client.ts'
import type { Store } from '../store.ts'
import type { GitLab } from './profile.ts'
import { mayReturnTo } from './redirect-uri.ts'
import { Refusal } from './refusal.ts'
import { hasScopes, scopes } from './scope.ts'

/** An authorization request that may be put to a person (RFC 6749 sections 4.1.1 and 4.2.1). */
export interface AuthorizationRequest {
  readonly client: Client
  readonly redirect_uri: string
  readonly state: string
  readonly scope: string
  readonly response_type: 'code' | 'token'
  readonly into: 'query' | 'fragment'
  readonly code_challenge: string
  readonly code_challenge_method: string
  readonly nonce: string
}

function readClient(params: URLSearchParams, store: Store): Client {
  const client_id = params.get('client_id')
  if (!client_id) throw new Refusal('invalid_request', { missing: 'client_id' })
  const client = store.findClient(client_id)
  if (!client) throw new Refusal('invalid_client')
  return client
}

/** Reads what is asked for: a code, or in old times a token itself. */
function readResponseType(params: URLSearchParams, { profile }: GitLab): 'code' | 'token' {
  const response_type = params.get('response_type')
  if (!response_type) throw new Refusal('invalid_request', { missing: 'response_type' })
  if (response_type === 'token' && profile === 'documented') return response_type
  if (response_type !== 'code') throw new Refusal('unsupported_response_type')
  return response_type
}

function readResponseMode(params: URLSearchParams): 'query' | 'fragment' {
  const mode = params.get('response_mode') || 'query'
  if (!['query', 'fragment', 'form_post'].includes(mode)) throw new Refusal('unsupported_response_mode')
  // The page that moves on by script cannot post, so that form_post ends in the query.
  return mode === 'fragment' ? mode : 'query'
}

/** Without a scope the application gets `api`, if it may have it. */
function readScope(params: URLSearchParams, client: Client): string {
  const known = client.scopes ?? Object.keys(scopes)
  const scope = params.get('scope') || 'api'
  if (!hasScopes(scope, known)) throw new Refusal('invalid_scope')
  return scope
}

/** Checks an authorization request in Doorkeeper's order, or throws a {@link Refusal}. */
export function readAuthorizationRequest(params: URLSearchParams, gitlab: GitLab): AuthorizationRequest {
  const client = readClient(params, gitlab.store)
  const redirect_uri = params.get('redirect_uri') ?? ''
  if (!mayReturnTo(client, redirect_uri)) throw new Refusal('invalid_redirect_uri')
  const response_type = readResponseType(params, gitlab)
  const into = response_type === 'token' ? 'fragment' : readResponseMode(params)
  const scope = readScope(params, client)
  const code_challenge = params.get('code_challenge') ?? ''
  const code_challenge_method = params.get('code_challenge_method') ?? ''
  const known = code_challenge_method === 'S256' || code_challenge_method === 'plain'
  if (code_challenge && !known) throw new Refusal('invalid_code_challenge_method')
  const state = params.get('state') ?? ''
  const nonce = params.get('nonce') ?? ''
  const asked = { client, redirect_uri, state, scope, response_type, into, nonce }
  return { ...asked, code_challenge, code_challenge_method }
}
