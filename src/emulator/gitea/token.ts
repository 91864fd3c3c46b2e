import type { Client } from '../client.ts'
import { type Incoming, json, type Route } from '../message.ts'
import { s256 } from '../pkce.ts'
import { Refusal, refusable } from '../refusal.ts'
import type { Code, IssuedCode, Token } from '../store.ts'
import { readCredentials } from './credentials.ts'
import type { Grant } from './grant.ts'
import { idTokenOf } from './id-token.ts'
import { readClaims, writeJwt } from './jwt.ts'
import type { Gitea } from './profile.ts'
import { isRegistered } from './redirect-uri.ts'

/** How long a refresh token lives, in seconds. */
const refreshLifetime = 730 * 3600

/** What is wrong, in the words of each profile; the old one has the same for all. */
const words = {
  documented: {
    secret: 'client is not authorized',
    redirect_uri: 'client is not authorized',
    verifier: 'client is not authorized',
    refresh_token: 'client is not authorized',
  },
  current: {
    secret: 'invalid client secret',
    redirect_uri: 'unexpected redirect URI',
    verifier: 'failed PKCE code challenge',
    refresh_token: 'unable to parse refresh token',
  },
} as const

/** What Forgejo says in its own words, and Gitea in others. */
const misuse = {
  gitea: {
    redirect_uri: 'redirect_uri differs from the original authorization request',
    client: 'refresh token belongs to a different client',
  },
  forgejo: {
    redirect_uri: 'redirect_uri does not match the authorization request',
    client: 'refresh token was not issued to this client',
  },
} as const

const misuseOf = ({ quirks }: Gitea) => misuse[quirks.has('forgejo_words') ? 'forgejo' : 'gitea']

const unauthorized = (description = 'client is not authorized') =>
  new Refusal('unauthorized_client', description)

function readClient(incoming: Incoming, { gitea, quote }: { gitea: Gitea; quote: string }) {
  const { client_id, client_secret } = readCredentials(incoming, gitea)
  const client = gitea.store.findClient(client_id)
  if (client) return { client, client_secret }
  const id = quote + client_id + quote
  throw new Refusal('invalid_client', `cannot load client with client id: ${id}`)
}

/** Demands the secret: in old times of everyone, today of who has one. */
function checkSecret(
  { client, client_secret }: { client: Client; client_secret: string },
  { gitea, error }: { gitea: Gitea; error: string },
): void {
  const { profile } = gitea
  if (profile === 'current' && client.client_secret === undefined) return
  if (client_secret && client_secret === client.client_secret) return
  const empty = profile === 'current' && client_secret === ''
  throw new Refusal(error, empty ? 'invalid empty client secret' : words[profile].secret)
}

/** Tells whether a verifier answers a challenge (RFC 7636 section 4.6); a method that is none never fits. */
async function verifies({ code_challenge, code_challenge_method }: Code, verifier: string): Promise<boolean> {
  if (code_challenge_method === '') return true
  if (code_challenge_method === 'plain') return verifier === code_challenge
  return code_challenge_method === 'S256' && (await s256(verifier)) === code_challenge
}

/** Checks a code against its request, which takes a moment; of old times only the verifier counts. */
async function checkCode(code: IssuedCode, { params, gitea }: { params: URLSearchParams; gitea: Gitea }) {
  const { store, profile, quirks } = gitea
  if (store.now() > code.expires_at) {
    code.used = true
    if (profile === 'documented') throw unauthorized()
    throw new Refusal('invalid_grant', 'authorization code expired')
  }
  if (!(await verifies(code, params.get('code_verifier') ?? ''))) throw unauthorized(words[profile].verifier)
  if (!quirks.has('unbound_redirect_uri') && params.get('redirect_uri') !== code.redirect_uri)
    throw new Refusal('invalid_grant', misuseOf(gitea).redirect_uri)
}

/** The authorization code grant (RFC 6749 section 4.1.3). */
async function redeem(incoming: Incoming, gitea: Gitea): Promise<Grant> {
  const { store, profile, grants } = gitea
  const { params } = incoming
  const sender = readClient(incoming, { gitea, quote: "'" })
  checkSecret(sender, { gitea, error: 'unauthorized_client' })
  const redirect_uri = params.get('redirect_uri') ?? ''
  if (redirect_uri && !isRegistered(sender.client, redirect_uri, gitea))
    throw unauthorized(words[profile].redirect_uri)
  const code = store.findCode(params.get('code') ?? '')
  if (!code || code.used) throw unauthorized()
  await checkCode(code, { params, gitea })
  const grant = grants.find(code.client, code.account)
  if (!grant || code.client !== sender.client) throw new Refusal('invalid_grant', 'invalid grant')
  // Checked after the last await: of two exchanges at the same time one wins.
  if (code.used)
    throw profile === 'documented'
      ? unauthorized()
      : new Refusal('invalid_grant', 'authorization code already used')
  code.used = true
  return grant
}

function findRefreshable(value: string | null, { store, quirks }: Gitea): Token | undefined {
  if (quirks.has('forgejo_words') && store.findToken(({ access_token }) => access_token === value))
    throw unauthorized('token is not a refresh token')
  return store.findToken(({ refresh_token }) => refresh_token === value)
}

/** The refresh token grant (RFC 6749 section 6); in old times whoever has the token may use it. */
function refresh(incoming: Incoming, gitea: Gitea): Grant {
  const { store, profile, grants, invalidate_refresh_tokens } = gitea
  const sender = profile === 'current' ? readClient(incoming, { gitea, quote: '"' }) : undefined
  if (sender) checkSecret(sender, { gitea, error: 'invalid_client' })
  const token = findRefreshable(incoming.params.get('refresh_token'), gitea)
  const claims = token && readClaims(token.refresh_token)
  if (!claims || claims.exp * 1000 < store.now()) throw unauthorized(words[profile].refresh_token)
  const grant = grants.findById(claims.gnt)
  if (!grant || token.revoked) throw new Refusal('invalid_grant', 'grant does not exist')
  if (sender && sender.client !== grant.client) throw new Refusal('invalid_grant', misuseOf(gitea).client)
  if (invalidate_refresh_tokens && claims.cnt !== grant.counter) throw unauthorized('token was already used')
  return grant
}

/** Makes a pair of tokens, without harm to those before unless Gitea is told to invalidate them. */
function issue(grant: Grant, { store, profile, invalidate_refresh_tokens }: Gitea): [Grant, Token] {
  if (invalidate_refresh_tokens) grant.counter += 1
  const iat = Math.floor(store.now() / 1000)
  const alg = profile === 'documented' ? 'HS512' : 'RS256'
  const [gnt, cnt] = [grant.id, grant.counter]
  const token = store.issueToken(grant, {
    access_token: writeJwt({ gnt, tt: 0, exp: iat + store.expires_in, iat }, { alg }),
    refresh_token: writeJwt({ gnt, tt: 1, cnt, exp: iat + refreshLifetime, iat }, { alg }),
  })
  return [grant, token]
}

async function win(incoming: Incoming, gitea: Gitea): Promise<[Grant, Token]> {
  const type = incoming.params.get('grant_type')
  if (type === 'authorization_code') return issue(await redeem(incoming, gitea), gitea)
  if (type === 'refresh_token') return issue(refresh(incoming, gitea), gitea)
  const description = 'Only refresh_token or authorization_code grant type is supported'
  throw new Refusal('unsupported_grant_type', description)
}

/** Builds `POST /login/oauth/access_token` (RFC 6749 section 3.2): every error is a 400. */
export function tokenRoute(gitea: Gitea): Route {
  const type =
    gitea.profile === 'documented' ? 'application/json; charset=UTF-8' : 'application/json;charset=utf-8'
  const headers = { 'content-type': type }
  return refusable(
    async (incoming) => {
      const [grant, token] = await win(incoming, gitea)
      const { access_token, refresh_token } = token
      const { expires_in } = gitea.store
      const id_token = await idTokenOf(grant, { gitea, token, root: incoming.root })
      const body = { access_token, token_type: 'bearer', expires_in, refresh_token }
      return json({ ...body, ...(id_token && { id_token }) }, { headers })
    },
    ({ error, message }) => json({ error, error_description: message }, { status: 400, headers }),
  )
}
