import { decodeBase64 } from '../base64.ts'
import type { Client } from '../client.ts'
import type { Incoming, Route } from '../message.ts'
import { randomHex } from '../random.ts'
import { acceptsRedirectUri } from '../redirect-uri.ts'
import { Refusal, refusable } from '../refusal.ts'
import type { IssuedCode, Store, Token } from '../store.ts'
import { pythonJson } from './json.ts'
import type { GitShare } from './profile.ts'

/** The path of the token endpoint; the slash at the end belongs to it. */
export const tokenPath = '/oauth2/token/'

/** Reads one half of a Basic header, which is form-encoded (RFC 6749 section 2.3.1). */
const decode = (half: string): string => new URLSearchParams(`half=${half}`).get('half') ?? ''

/** Finds the client a request comes from: by a Basic header, or else by the body. */
function authenticate({ headers, body }: Incoming, store: Store): Client {
  const [, encoded = ''] = /^Basic +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
  const [, id = '', password = ''] = /^([^:]*):(.*)$/s.exec(decodeBase64(encoded) ?? '') ?? []
  const client_id = encoded ? decode(id) : body.get('client_id')
  const client_secret = encoded ? decode(password) : body.get('client_secret')
  const client = store.findClient(client_id ?? '')
  if (!client || client.client_secret !== client_secret) throw new Refusal('invalid_client', '')
  return client
}

/** A code that was shown has no address; then any of the application's own will do, or none. */
const isAddressOf = ({ redirect_uri, client }: IssuedCode, uri: string): boolean =>
  uri === redirect_uri || (redirect_uri === '' && acceptsRedirectUri(client, uri))

function redeem(incoming: Incoming, store: Store): Token {
  const { body } = incoming
  if (!body.get('code')) throw new Refusal('invalid_request', 'Missing code parameter.')
  const client = authenticate(incoming, store)
  const code = store.findCode(body.get('code') ?? '')
  if (!code || code.client !== client || code.used || store.now() > code.expires_at)
    throw new Refusal('invalid_grant', '')
  if (!isAddressOf(code, body.get('redirect_uri') ?? ''))
    throw new Refusal('invalid_request', 'Mismatching redirect URI.')
  code.used = true
  return store.issueToken(code, randomValues())
}

/** The refresh token grant: the old pair dies with it. */
function refresh(incoming: Incoming, store: Store): Token {
  const value = incoming.body.get('refresh_token')
  if (!value) throw new Refusal('invalid_request', 'Missing refresh token parameter.')
  const client = authenticate(incoming, store)
  const old = store.findToken(({ refresh_token }) => refresh_token === value)
  if (!old || old.revoked || old.client !== client) throw new Refusal('invalid_grant', '')
  old.revoked = true
  return store.issueToken(old, randomValues())
}

const randomValues = () => ({ access_token: randomHex(15), refresh_token: randomHex(15) })

const isForm = ({ headers }: Incoming): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(headers.get('content-type') ?? '')

/** Wins a token from a form alone; by GitShare's own page the form for a code does not say what it is. */
function win(incoming: Incoming, { store, profile }: GitShare): Token {
  const usual = profile === 'documented' ? 'authorization_code' : ''
  const type = isForm(incoming) ? (incoming.body.get('grant_type') ?? usual) : ''
  if (type === 'authorization_code') return redeem(incoming, store)
  if (type === 'refresh_token') return refresh(incoming, store)
  throw new Refusal('unsupported_grant_type', '')
}

/** Answers with a refusal, which seldom has a description. */
function refuse({ error, message }: Refusal): Response {
  const body = { error, ...(message && { error_description: message }) }
  if (error !== 'invalid_client') return pythonJson(body, { status: 400 })
  return pythonJson(body, { status: 401, headers: { 'www-authenticate': `Bearer error="${error}"` } })
}

/** Refuses whatever stands in the address, in JSON that says it is HTML. */
const refuseQuery = (): Response =>
  pythonJson(
    { error: 'invalid_request', error_description: 'URL query parameters are not allowed' },
    { status: 400, headers: { 'content-type': 'text/html; charset=utf-8' } },
  )

/** Builds `POST /oauth2/token/` (RFC 6749 section 3.2). */
export const tokenRoute = (gitshare: GitShare): Route =>
  refusable((incoming) => {
    if (incoming.query.size > 0) return refuseQuery()
    const { access_token, scope, refresh_token } = win(incoming, gitshare)
    const { expires_in } = gitshare.store
    return pythonJson({ access_token, expires_in, token_type: 'Bearer', scope, refresh_token })
  }, refuse)
