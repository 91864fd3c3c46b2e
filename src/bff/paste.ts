import { readAuthorizationResponse } from '../protocol/authorization.ts'
import { fail, OAuthError } from '../protocol/errors.ts'
import { readPasted } from '../protocol/pasted.ts'
import { answer, json, statusOf, toOAuthError } from './answer.ts'
import { finish, type Outcome } from './callback.ts'
import type { BffContext, Forge } from './context.ts'
import { CSRF_HEADER } from './csrf.ts'
import type { BffSession } from './session-store.ts'
import type { Try } from './taken.ts'
import type { BffTransaction } from './transactions.ts'

/** Bytes of a body that are read at most. */
const LARGEST = 16_384

/** Whether a page of the application posts a code: JSON with our header, and an Origin that no other site can send. */
export const isPaste = ({ method, headers }: Request, publicOrigin: string): boolean =>
  method === 'POST' &&
  headers.get(CSRF_HEADER) === '1' &&
  headers.get('origin') === publicOrigin &&
  /^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '')

/** The text in a body `{ "code": "…" }`; empty for any other, and for one that is too long. */
async function readText({ body }: Request): Promise<string> {
  const bytes: number[] = []
  for await (const chunk of body ?? []) {
    if (bytes.length + chunk.length > LARGEST) return ''
    bytes.push(...chunk)
  }
  try {
    const { code } = Object(JSON.parse(new TextDecoder().decode(new Uint8Array(bytes))))
    return typeof code === 'string' ? code : ''
  } catch {
    return ''
  }
}

/** Who pasted what. */
interface Pasted {
  readonly transaction: BffTransaction
  readonly text: string
  readonly old: BffSession | undefined
}

/** Judges what was pasted as an address that the person came back on, and finishes the sign-in. */
async function redeemPasted(
  context: BffContext,
  forge: Forge,
  { transaction, text, old }: Pasted,
): Promise<Outcome> {
  try {
    const url = readPasted(text, { ...forge, state: transaction.state })
    const response = readAuthorizationResponse(url) ?? fail('malformed_response')
    if (response.parameters.get('state') !== transaction.state)
      fail('state_mismatch', 'Open the address of this sign-in, and copy the code that it shows.')
    return await finish(context, forge, { transaction, response, old })
  } catch (error) {
    return { error: toOAuthError(error), cookies: [], isAsked: false }
  }
}

/** Codes of a sign-in that cannot go on, whatever is pasted: it is too late, or the code has been used up. */
const OVER = /^(transaction_expired|scope_insufficient|scope_exceeded|session_too_large)$/

/** Codes of a forge, or a secret, that was not to be had. */
const AWAY = /^(network_error|server_error|timeout)$/

/** What an error says of the code that was pasted: a forge that is down or busy, or refuses the secret, says nothing. */
function judge(error: OAuthError | undefined): Try['verdict'] {
  if (!error || OVER.test(error.code)) return 'over'
  const { code, error: told, status = 400 } = error
  // Not what else may mean the secret: a wrong code has the same words there.
  const isForges = status >= 500 || status === 429 || told === 'invalid_client'
  return isForges || AWAY.test(code) ? 'again' : 'wrong'
}

/** What the forge's refusal means to a person who has pasted a code. */
const explain = (error: OAuthError): OAuthError =>
  error.status
    ? new OAuthError(error.code, {
        ...error,
        hint: 'Copy the code again, or open the address for a new one.',
      })
    : error

/** Answers with why a paste was refused, and how many more may be wrong. */
function refuse(
  reason: OAuthError,
  { verdict, left }: Pick<Try, 'verdict'> & { left: number },
  cookies: string[],
): Response {
  const isWrong = verdict === 'wrong'
  const { code, hint, retryAfter } = isWrong ? explain(reason) : reason
  const status = isWrong ? 400 : statusOf(code)
  return json(
    { error: code, hint, retryAfter, left },
    { status, headers: { 'forgepass-error': code }, cookies },
  )
}

const none = new OAuthError('no_transaction', { hint: 'Start the sign-in, then paste the code it shows.' })
const NONE = { verdict: 'over', left: 0 } as const

/**
 * Answers `POST callback/<name>`: finishes the latest sign-in of this browser whose code is copied by hand, with the code or
 * the whole address that was pasted. The third wrong one ends it.
 */
export async function receivePaste(context: BffContext, forge: Forge, request: Request): Promise<Response> {
  const { sessions, transactions } = context
  const text = await readText(request)
  const transaction = await transactions.findManual(request, forge.name)
  if (!transaction || transaction.token_endpoint !== forge.provider.token_endpoint)
    return refuse(none, NONE, [])
  const cleared = transactions.remove(forge.name, transaction.state)
  const old = (await sessions.find(request, forge)).session
  const { signal } = request
  const done = await transactions.attempt(transaction, { text, signal }, async () => {
    const outcome = await redeemPasted(context, forge, { transaction, text, old })
    return { ...outcome, verdict: judge(outcome.error) }
  })
  // One that was given up has not been judged: its sign-in goes on.
  if (!done) return refuse(none, NONE, signal.aborted ? [] : [cleared])
  if (done.error) return refuse(done.error, done, done.left > 0 ? [] : [cleared])
  return answer(null, { status: 204, cookies: [cleared, ...done.cookies] })
}
