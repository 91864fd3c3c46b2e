import { decodeBase64 } from '../base64.ts'
import type { Incoming } from '../message.ts'
import { Refusal } from '../refusal.ts'
import type { Gitea } from './profile.ts'

/** Who a token request says it comes from. */
export interface Credentials {
  readonly client_id: string
  readonly client_secret: string
}

const unreadable = () => new Refusal('invalid_request', 'cannot parse basic auth header')

/** Reads the two halves of a Basic header as they are: Gitea does not form-decode them. */
function decode(encoded: string): Credentials {
  const [, client_id, client_secret] = /^([^:]*):(.*)$/s.exec(decodeBase64(encoded) ?? '') ?? []
  if (client_id === undefined || client_secret === undefined) throw unreadable()
  return { client_id, client_secret }
}

/** Today any header counts unless the body has it all, and then only Basic will do; the two must agree. */
function readCurrent(inBody: Credentials, header: string): Credentials {
  const [, encoded] = /^Basic +(.*)$/i.exec(header) ?? []
  if (encoded === undefined) throw unreadable()
  const inHeader = decode(encoded)
  for (const name of ['client_id', 'client_secret'] as const) {
    if (inBody[name] && inBody[name] !== inHeader[name])
      throw new Refusal('invalid_request', `${name} in request body inconsistent with Authorization header`)
  }
  return inHeader
}

/** Reads who a token request comes from (RFC 6749 section 2.3.1), or throws a {@link Refusal}. */
export function readCredentials({ headers, params }: Incoming, { profile }: Gitea): Credentials {
  const client_id = params.get('client_id') ?? ''
  const client_secret = params.get('client_secret') ?? ''
  const header = headers.get('authorization') ?? ''
  const inBody = { client_id, client_secret }
  if (profile === 'current')
    return header && !(client_id && client_secret) ? readCurrent(inBody, header) : inBody
  const [, encoded] = /^Basic ([^ ]*)$/.exec(header) ?? []
  return client_id || encoded === undefined ? inBody : decode(encoded)
}
