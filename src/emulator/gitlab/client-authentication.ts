import { decodeBase64 } from '../base64.ts'
import type { Client } from '../client.ts'
import type { Incoming } from '../message.ts'
import type { Store } from '../store.ts'

/** Reads client credentials from the Basic header, which Doorkeeper does not form-decode, or else from the parameters. */
function readCredentials({ headers, params }: Incoming): { client_id: string; client_secret: string } {
  const encoded = /^Basic (.*)$/.exec(headers.get('authorization') ?? '')?.[1]
  const [, client_id = '', client_secret = ''] =
    /^([^:]*):?(.*)$/s.exec(decodeBase64(encoded ?? '') ?? '') ?? []
  if (client_id) return { client_id, client_secret }
  return { client_id: params.get('client_id') ?? '', client_secret: params.get('client_secret') ?? '' }
}

/** Tells whether a request names a client at all, rightly or wrongly. */
export const namesClient = (incoming: Incoming): boolean => readCredentials(incoming).client_id !== ''

/** Finds the client a request comes from (RFC 6749 section 2.3): a public one sends no secret, a confidential one its own. */
export function authenticateClient(incoming: Incoming, store: Store): Client | undefined {
  const { client_id, client_secret } = readCredentials(incoming)
  const client = store.findClient(client_id)
  return client && (client.client_secret ?? '') === client_secret ? client : undefined
}
