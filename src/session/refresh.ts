import { fail, OAuthError } from '../protocol/errors.ts'
import { type ExchangeOptions, endsSession, exchange } from '../protocol/exchange.ts'
import { admit, loadOpenid } from '../protocol/id-token.ts'
import { revoke } from '../protocol/revocation.ts'
import type { TokenResponse, TokenSet } from '../protocol/token.ts'
import type { Provider } from '../provider/provider.ts'
import { assess, decide, type Occasion } from './decide.ts'
import type { SessionRecord } from './record.ts'
import type { RecordStore } from './store.ts'

/** What a refresh needs of its session. */
export interface RefreshContext extends ExchangeOptions {
  readonly provider: Provider
  readonly client_id: string
  readonly store: RecordStore
}

/** Asks the server for new tokens; a refusal that ends the session is `login_required`. */
const renew = (context: RefreshContext, { refresh_token = '', session }: SessionRecord) => {
  const { provider, client_id } = context
  const { claims } = session
  const grant = { grant_type: 'refresh_token', refresh_token, client_id } as const
  const judge = (tokens: TokenResponse): TokenSet | Promise<TokenSet> =>
    claims ? admit(tokens, { issuer: claims.iss, sub: claims.sub }, context) : tokens
  return exchange(provider, grant, context)
    .then(judge)
    .catch((error) =>
      endsSession(provider, error) ? new OAuthError('login_required', { ...error, hint: undefined }) : error,
    )
}

/** Renews the session if it has to be; to be called under its lock (RFC 6749 section 6). `refused` is a token that the API turned down. */
export async function refresh(
  context: RefreshContext,
  { occasion, refused }: { readonly occasion: Occasion; readonly refused?: string | undefined },
): Promise<SessionRecord> {
  const { provider, store, now } = context
  const before = (await store.reload()) ?? fail('signed_out', 'Sign in first.')
  const { id, serial = 0 } = before
  const attempt = await store.readAttempt(before)
  const { refresh_reuse } = provider
  // Another tab may have been faster: its token is as good as one of our own.
  const need = assess(before, { now: now(), occasion, attempt, refused, refresh_reuse })
  if (need === 'nothing') return before
  if (need === 'patience') return fail('network_error', 'The server has not answered: try again later.')
  let outcome: Awaited<ReturnType<typeof renew>> = new OAuthError('login_required')
  if (need === 'refresh') {
    const { tries = 0 } = attempt ?? {}
    // Before anything is spent.
    if (before.session.claims) await loadOpenid()
    // Should this page end before the answer is stored, the next one knows that the token may be spent.
    await store.noteAttempt({ id, serial, sent_at: now(), tries: tries + 1 })
    outcome = await renew(context, before)
  }
  const done = decide(await store.reload(), { before, attempt, outcome, now: now() })
  await store.write(done.record)
  if (!done.isOpen) await store.noteAttempt()
  if (done.unwanted) void revoke(done.unwanted, context)
  if (done.error) throw done.error
  return done.record as SessionRecord
}
