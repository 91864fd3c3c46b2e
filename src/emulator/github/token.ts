import { decodeBase64 } from '../base64.ts'
import type { Client } from '../client.ts'
import { type Incoming, json, type Route } from '../message.ts'
import { s256 } from '../pkce.ts'
import { randomHex } from '../random.ts'
import { refusable } from '../refusal.ts'
import type { IssuedCode, Store, Token } from '../store.ts'
import { describe, refusal } from './refusal.ts'
import { knownScopes } from './scope.ts'

/** What the parts of an emulated GitHub share. */
export interface GitHub {
  readonly store: Store
  readonly expiring_tokens: boolean
}

/** How long the refresh token of a GitHub App lives, in seconds. */
const refreshLifetime = 15_897_600

/** Finds the client a request comes from; PKCE or not, it has a secret. */
function authenticate({ params }: Incoming, store: Store): Client {
  const client = store.findClient(params.get('client_id') ?? '')
  if (!client || client.client_secret !== params.get('client_secret'))
    throw refusal('incorrect_client_credentials')
  return client
}

/** Tells whether a verifier answers the challenge of a code; without a challenge any does. */
const verifies = async ({ code_challenge }: IssuedCode, verifier: string): Promise<boolean> =>
  code_challenge === '' || code_challenge === (await s256(verifier))

/** The authorization code grant, which need not say that it is one. */
async function redeem(incoming: Incoming, { store, expiring_tokens }: GitHub): Promise<Token> {
  const { params } = incoming
  const client = authenticate(incoming, store)
  const code = store.findCode(params.get('code') ?? '')
  if (!code || code.client !== client) throw refusal('bad_verification_code')
  const redirect_uri = params.get('redirect_uri')
  if (redirect_uri && redirect_uri !== code.redirect_uri) throw refusal('redirect_uri_mismatch')
  const verified = await verifies(code, params.get('code_verifier') ?? '')
  // Checked after the last await: of two exchanges at the same time one wins.
  if (!verified || code.used || store.now() > code.expires_at) throw refusal('bad_verification_code')
  code.used = true
  return store.issueToken(code, randomValues({ expiring_tokens }))
}

/** The refresh token grant of a GitHub App: the old pair dies with it. */
function refresh(incoming: Incoming, { store, expiring_tokens }: GitHub): Token {
  const client = authenticate(incoming, store)
  const value = incoming.params.get('refresh_token')
  const old = value ? store.findToken(({ refresh_token }) => refresh_token === value) : undefined
  const ends_at = (old?.created_at ?? 0) + refreshLifetime * 1000
  if (!old || old.revoked || old.client !== client || store.now() > ends_at)
    throw refusal('bad_refresh_token')
  old.revoked = true
  return store.issueToken(old, randomValues({ expiring_tokens }))
}

const randomValues = ({ expiring_tokens }: Pick<GitHub, 'expiring_tokens'>) =>
  expiring_tokens
    ? { access_token: `ghu_${randomHex(18)}`, refresh_token: `ghr_${randomHex(38)}` }
    : { access_token: `gho_${randomHex(18)}`, refresh_token: '' }

async function win(incoming: Incoming, github: GitHub): Promise<Token> {
  const type = incoming.params.get('grant_type') || 'authorization_code'
  if (type === 'authorization_code') return redeem(incoming, github)
  if (type === 'refresh_token' && github.expiring_tokens) return refresh(incoming, github)
  throw refusal('unsupported_grant_type')
}

/** Answers in JSON who asks for it, and anyone else in a form, always with a 200. */
function write({ headers }: Incoming, body: Readonly<Record<string, string | number>>): Response {
  if (/\bapplication\/json\b/i.test(headers.get('accept') ?? '')) return json(body)
  const pairs = Object.entries(body).map(([name, value]) => [name, `${value}`])
  return new Response(`${new URLSearchParams(pairs)}`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  })
}

/** Builds `POST /login/oauth/access_token`. */
export const tokenRoute = (github: GitHub): Route =>
  refusable(
    async (incoming) => {
      const { access_token, refresh_token, scope } = await win(incoming, github)
      const rest = { scope: knownScopes(scope).join(','), token_type: 'bearer' }
      if (!github.expiring_tokens) return write(incoming, { access_token, ...rest })
      const { expires_in } = github.store
      const renewal = { expires_in, refresh_token, refresh_token_expires_in: refreshLifetime }
      return write(incoming, { access_token, ...renewal, ...rest })
    },
    (refused, incoming) => write(incoming, describe(refused)),
  )

/** Builds `DELETE /applications/{client_id}/token` for every client, which has its secret in a Basic header. */
export const revocationRoutes = (store: Store): Record<string, Route> =>
  Object.fromEntries(
    store.clients.map((client): [string, Route] => [
      `DELETE /applications/${encodeURIComponent(client.client_id)}/token`,
      ({ headers, body }) => {
        const [, encoded = ''] = /^Basic +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
        if (decodeBase64(encoded) !== `${client.client_id}:${client.client_secret}`)
          return json({ message: 'Not Found' }, { status: 404 })
        const token = store.findToken(({ access_token }) => access_token === body.get('access_token'))
        if (token?.client !== client || token.revoked)
          return json({ message: 'Validation Failed' }, { status: 422 })
        token.revoked = true
        return new Response(null, { status: 204 })
      },
    ]),
  )
