import { type Incoming, json, type Route } from '../message.ts'
import { randomHex } from '../random.ts'
import { Refusal, refusable } from '../refusal.ts'
import type { IssuedCode, Store } from '../store.ts'
import { type GitKrakenErrors, refuseCall } from './errors.ts'

/** Reads the body alone: what stands in the address is not documented to count. */
function readCode({ body }: Incoming, store: Store): IssuedCode {
  const [type, client_id, client_secret, code] = ['grant_type', 'client_id', 'client_secret', 'code'].map(
    (name) => body.get(name) ?? '',
  )
  if (type !== 'authorization_code')
    throw new Refusal('unsupported_grant_type', 'The grant_type must be authorization_code.')
  const client = store.findClient(client_id ?? '')
  // Assumed, as all of its errors: the words of RFC 6749 section 5.2, without a description.
  if (!client || client.client_secret !== client_secret)
    throw new Refusal('invalid_client', 'The client_id or the client_secret is wrong.')
  const issued = store.findCode(code ?? '')
  // Assumed: a code is for one use, and for ten minutes.
  if (!issued || issued.client !== client || issued.used || store.now() > issued.expires_at)
    throw new Refusal('invalid_grant', 'The code is wrong, used or expired.')
  return issued
}

/** Builds `POST /oauth/access_token`: a token that never ends, and nothing else. */
export const tokenRoute = (store: Store, errors: GitKrakenErrors): Route =>
  refusable(
    (incoming) => {
      const code = readCode(incoming, store)
      code.used = true
      const { access_token } = store.issueToken(code, { access_token: randomHex(20), refresh_token: '' })
      return json({ access_token, token_type: 'Bearer' })
    },
    (refusal) => refuseCall(refusal, { errors, status: refusal.error === 'invalid_client' ? 401 : 400 }),
  )
