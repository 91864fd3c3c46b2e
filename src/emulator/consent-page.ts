import type { Client } from './client.ts'
import { type Html, html } from './html.ts'
import type { Incoming } from './message.ts'
import { page } from './page.ts'
import { card, hidden, signOut, token } from './pages.ts'
import type { Account } from './store.ts'

/** Parameters that a form carries. */
export type Fields = readonly (readonly [string, string])[]

/** One answer to the question: a form to a path below the forge's address, or a mere link. */
export type Answer =
  | { readonly label: string; readonly action: string; readonly more?: Fields }
  | { readonly label: string; readonly href: string }

/** What a consent page asks about. */
export interface Consent {
  readonly account: Account
  readonly client: Client
  /** Default: nowhere, as a verifier is shown instead. */
  readonly redirect_uri?: string
  readonly scopes: readonly { readonly name: string; readonly description: string }[]
  /** The path that asks. */
  readonly endpoint: string
  /** The authorization request, to be sent again with the answer. */
  readonly fields: Fields
  readonly authorize: Answer
  readonly deny: Answer
}

/** The parameters of a request that its form sends again. */
export const carry = (params: URLSearchParams, names: readonly string[]): Fields =>
  names.map((name) => [name, params.get(name) ?? ''] as const).filter(([, value]) => value)

function choice(
  incoming: Incoming,
  { consent, which }: { consent: Consent; which: 'authorize' | 'deny' },
): Html {
  const answer = consent[which]
  if ('href' in answer) return html`<a class="button" href="${answer.href}">${answer.label}</a>`
  const fields = [...(answer.more ?? []), ...consent.fields]
  const look = which === 'authorize' ? html` class="main"` : undefined
  return html`<form method="post" action="${incoming.root + answer.action}">${token(incoming)}
${fields.map(([name, value]) => hidden(name, value))}<button${look}>${answer.label}</button></form>`
}

/** Says where an answer leads to. */
const destination = (url: URL | undefined): Html => {
  if (!url) return html`Then you get a verifier, to copy into the application.`
  const { protocol, host } = url
  return html`Then you go back to <code>${host ? `${protocol}//${host}` : protocol}</code>.`
}

/** Asks whether an application may use the account, and for what. */
export function consentPage(incoming: Incoming, consent: Consent): Response {
  const { account, client, redirect_uri, scopes, endpoint, fields } = consent
  const url = redirect_uri === undefined ? undefined : new URL(redirect_uri)
  const return_to = `${endpoint}?${new URLSearchParams(Object.fromEntries(fields))}`
  return page(incoming, {
    title: `Authorize ${client.name}`,
    // Chromium holds the redirect after a form to this list too.
    ...(url && { formAction: url.protocol }),
    body: html`<h1>Authorize ${client.name} to use your account?</h1>
<p class="account">${card(account, { root: incoming.root, note: account.username })}</p>
${signOut(incoming, { label: 'Use another account', return_to })}
<h2>It will be able to</h2>
<ul class="scopes">${scopes.map(({ name, description }) => html`<li><code>${name}</code><span>${description}</span></li>`)}</ul>
<p class="soft small">${destination(url)}</p>
<div class="choices">${choice(incoming, { consent, which: 'authorize' })}${choice(incoming, { consent, which: 'deny' })}</div>`,
  })
}
