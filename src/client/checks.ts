import { pageOf } from '../protocol/address.ts'
import { assertUsable } from '../protocol/authorization.ts'
import type { OAuthError, OAuthErrorCode } from '../protocol/errors.ts'
import type { Provider } from '../provider/provider.ts'
import { adviseCors, declaredCors, makePublic, revokeByHand, useBff, withForm } from './advice.ts'
import type { Answer, Proof } from './probe.ts'

/** What is looked at. */
export type CheckId = keyof typeof rules

/** One line of a checklist: something that signing in from a page needs, or should know. */
export interface Check {
  readonly id: CheckId
  /** `undefined`: nothing has shown it, either way. */
  readonly ok: boolean | undefined
  /** One sentence. */
  readonly says: string
  /** What to do about it. */
  readonly hint?: string
}

/** All there is to judge by. */
export interface Findings extends Answer {
  readonly provider: Provider
  readonly proof: Proof
  /** Absolute, if one was given. */
  readonly redirect_uri: string | undefined
}

type Rule = (findings: Findings) => readonly [ok: boolean | undefined, says: string, hint?: string]

/** Whether a browser is around, which alone applies CORS. */
const isPage = (): boolean => 'isSecureContext' in globalThis

/** Without what may hold a password. */
const placeOf = ({ token_endpoint }: Provider): string => pageOf(token_endpoint) || 'the token endpoint'

/** Why no sign-in could start, if so. */
function refusalOf(
  provider: Provider,
  options: Parameters<typeof assertUsable>[1],
): OAuthErrorCode | undefined {
  try {
    assertUsable(provider, options)
    return undefined
  } catch (error) {
    return (error as OAuthError).code
  }
}

const code_grant: Rule = ({ provider, error }) => {
  const { name, grants, require_pushed_authorization_requests: pushed } = provider
  if (!grants.code)
    return [false, `${name} has no authorization code grant.`, `It has: ${Object.keys(grants).join(', ')}.`]
  if (pushed) return [false, `${name} demands pushed requests, which forgepass does not send.`]
  if (error?.error === 'unsupported_grant_type')
    return [false, `${name} answers that it has no authorization code grant.`, 'Ask its admin to enable it.']
  return [true, `By its preset ${name} has the authorization code grant.`]
}

const pkce: Rule = ({ provider }) => {
  const refused = refusalOf(provider, { redirect_uri: 'https://app.invalid/' })
  if (refused === 'pkce_unsupported')
    return [false, `By its preset ${provider.name} has no PKCE with S256.`, useBff]
  if (refused === 'insecure_context') return [undefined, 'PKCE needs a secure context to be made.']
  return [true, `Sign-ins at ${provider.name} are sent with PKCE S256.`]
}

const secret: Rule = ({ provider, proof: { isPublic } }) => {
  const { name, grants } = provider
  if (grants.code === 'confidential')
    return [false, `By its preset ${name} demands a client_secret, which no page can keep.`, useBff]
  if (isPublic) return [true, `${name} takes this application without a secret.`]
  if (isPublic === false)
    return [false, `${name} asks this application for its secret.`, makePublic(provider)]
  return [undefined, `The answer does not show whether ${name} wants a secret of this application.`]
}

const refresh: Rule = ({ provider: { name, grants } }) =>
  grants.refresh === 'public'
    ? [true, `By its preset ${name} renews the tokens of a page.`]
    : [undefined, `By its preset ${name} renews no token of a page: its session ends with its access token.`]

const revocation: Rule = ({ provider }) => {
  const { name, revocation_endpoint } = provider
  if (revocation_endpoint) return [true, `By its preset ${name} revokes tokens at logout.`]
  const says = `${name} has no revocation endpoint: logout ends the session here alone.`
  return [undefined, says, revokeByHand(provider)]
}

const secure_context: Rule = () => {
  if (!isPage()) return [undefined, 'Only a page can tell whether it is a secure context.']
  return globalThis.isSecureContext
    ? [true, 'This page is a secure context.']
    : [false, 'This page is no secure context.', 'Serve it over https or from localhost.']
}

const redirect_uri: Rule = ({ provider, proof, redirect_uri: uri }) => {
  const { name } = provider
  if (uri === undefined) return [undefined, 'No redirect_uri was given.']
  const plain = { ...provider, require_pushed_authorization_requests: false }
  if (refusalOf(plain, { redirect_uri: uri, pkce: 'none' }) === 'invalid_redirect_uri') {
    const hint = 'Give an absolute address without a fragment or OAuth parameters.'
    return [false, 'The redirect_uri is none that a sign-in could come back to.', hint]
  }
  const register = withForm('Register this one there.', provider)
  if (proof.isRegistered === false)
    return [false, `${name} has another redirect_uri for this application.`, register]
  if (provider.registration?.redirect_uri === 'fixed')
    return [undefined, `${name} sends people to the registered address, whatever sign-ins name.`, register]
  const open = `Whether ${name} has this redirect_uri for the application shows at a sign-in only.`
  const compare = 'Compare it with the settings of the application, character by character.'
  return [undefined, open, withForm(compare, provider)]
}

const reachable: Rule = ({ provider, error, isReadable }) => {
  const place = placeOf(provider)
  if (isReadable) return [true, `${provider.name} answers at ${place}.`]
  if (error?.code === 'cors_blocked') return [true, `Something answers at ${place}.`]
  if (error?.code === 'timeout')
    return [false, `Nothing answered at ${place} in time.`, 'Try again, or ask its admin.']
  const hint = 'Check the address and the network; of a page also its Content-Security-Policy.'
  return [false, `Nothing answers at ${place}.`, hint]
}

const cors: Rule = ({ provider, error, isReadable }) => {
  const place = placeOf(provider)
  if (!isReadable && error?.code !== 'cors_blocked')
    return [undefined, 'Without an answer nothing shows whether pages may read it.']
  if (!isPage()) {
    const says = `CORS can only be seen from a browser${declaredCors(provider)}.`
    return [undefined, says, 'Call diagnose() in your page.']
  }
  if (isReadable) return [true, `This page may read what ${place} answers.`]
  const says = `This page may not read what ${place} answers: CORS is off, or the address leads elsewhere.`
  return [false, says, adviseCors(provider)]
}

const answer: Rule = ({ provider: { name }, error, isReadable }) => {
  if (!error) return [false, `${name} gave a token for a made-up code.`, 'Sign nobody in there.']
  const { code, status = 0 } = error
  if (code === 'token_endpoint_error') return [true, `${name} refuses a made-up code: ${error.error}.`]
  const isCut = !isPage() && code === 'cors_blocked'
  if (!isReadable && !isCut) return [undefined, 'There was no answer to read.']
  if (code === 'bad_status' && [400, 401, 403].includes(status))
    return [undefined, `${name} answers ${status}, and not in the words of OAuth.`]
  const what = isCut ? 'it breaks off, or leads elsewhere' : code.replaceAll('_', ' ')
  const says = `The answer is none of a token endpoint: ${what}${status ? `, status ${status}` : ''}.`
  return [false, says, 'Check the address; if it is right, try again later.']
}

const client_known: Rule = ({ provider, proof: { isKnown } }) => {
  const { name } = provider
  if (isKnown) return [true, `${name} knows this client_id.`]
  const copy = withForm('Copy the ID from the application’s settings.', provider)
  if (isKnown === false) return [false, `${name} does not know this client_id.`, copy]
  return [undefined, `The answer does not show whether ${name} knows this client_id.`]
}

const client_accepted: Rule = ({ provider, proof, error }) => {
  const { name, grants } = provider
  const { isKnown, isPublic, isAccepted } = proof
  if (isAccepted) return [true, `${name} took the client, and refused the made-up code alone.`]
  const compare = withForm('Compare the client_id.', provider)
  if (isKnown === false || isPublic === false)
    return [false, `${name} refused the client.`, isKnown ? makePublic(provider) : compare]
  if (grants.code === 'confidential')
    return [undefined, `${name} takes no client without its secret, and none was sent.`]
  if (isAccepted === false) {
    const says = `${name} refused the client: unknown there, or registered with a secret.`
    return [false, says, `Compare the client_id. ${makePublic(provider)}`]
  }
  return error?.error === 'invalid_grant'
    ? [undefined, `${name} refused the made-up code and not the client, as servers do that take it.`]
    : [undefined, `The answer does not show whether ${name} takes this client.`]
}

const rules = {
  ...{ code_grant, pkce, secret, refresh, revocation },
  ...{ secure_context, redirect_uri },
  ...{ reachable, cors, answer, client_known, client_accepted },
}

/** Judges everything there is to judge, what the preset declares first. */
export const judge = (findings: Findings): Check[] =>
  Object.entries(rules).map(([id, rule]) => {
    const [ok, says, hint] = rule(findings)
    return { id: id as CheckId, ok, says, ...(hint && { hint }) }
  })
