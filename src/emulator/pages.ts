import { avatarUrl } from './avatar.ts'
import { type Html, html } from './html.ts'
import type { Incoming } from './message.ts'
import { page } from './page.ts'
import type { Account, Client } from './store.ts'

const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`

const token = ({ visitor }: Incoming): Html => hidden('authenticity_token', visitor.authenticity_token)

/** Picture and name of an account; the picture says nothing that the name beside it does not. */
const card = (account: Account, { root, note }: { root: string; note: string }): Html =>
  html`<img src="${avatarUrl(account, root)}" alt="" width="40" height="40"><span>${account.name}<span>${note}</span></span>`

const person = (incoming: Incoming, account: Account): Html => html`<li><form method="post" action="${
  incoming.root
}/users/sign_in">
${token(incoming)}${hidden('return_to', incoming.visitor.return_to ?? '/')}
${hidden('user[login]', account.username)}${hidden('user[password]', account.password)}
<button class="account">${card(account, { root: incoming.root, note: `${account.username} · ${account.password}` })}</button>
</form></li>`

/** Shows who has an account here, to click on, and a form for a name and a password. */
export function signInPage(
  incoming: Incoming,
  options: { accounts: readonly Account[]; alert?: string },
): Response {
  const { root, visitor, forge } = incoming
  const alert = options.alert ? html`<p class="alert" role="alert">${options.alert}</p>` : undefined
  return page(incoming, {
    title: 'Sign in',
    body: html`<h1>Sign in to ${forge}</h1>${alert}
<p class="soft">Choose a person. Their passwords are no secret.</p>
<ul>${options.accounts.map((account) => person(incoming, account))}</ul>
<h2>Or type a name and a password</h2>
<form method="post" action="${root}/users/sign_in">${token(incoming)}${hidden('return_to', visitor.return_to ?? '/')}
<label for="login">Username or e-mail</label>
<input id="login" name="user[login]" autocomplete="username" autocapitalize="none" spellcheck="false" required>
<label for="password">Password</label>
<input id="password" name="user[password]" type="password" autocomplete="current-password" required>
<button class="main">Sign in</button></form>`,
  })
}

const signOut = (
  incoming: Incoming,
  options: { label: string; return_to: string },
): Html => html`<form method="post"
action="${incoming.root}/users/sign_out">${token(incoming)}${hidden('return_to', options.return_to)}
<button class="link small">${options.label}</button></form>`

/** Shows who is signed in when nothing else is to do. */
export function homePage(incoming: Incoming, account: Account): Response {
  const { root, forge } = incoming
  return page(incoming, {
    title: 'Home',
    body: html`<h1>Signed in to ${forge}</h1>
<p class="account">${card(account, { root, note: account.username })}</p>
<p>Go back to your application and sign in with ${forge} there.</p>
${signOut(incoming, { label: 'Sign out', return_to: '/' })}`,
  })
}

/** What a consent page asks about. */
export interface Consent {
  readonly account: Account
  readonly client: Client
  readonly redirect_uri: string
  readonly scopes: readonly { readonly name: string; readonly description: string }[]
  /** The authorization request, to be sent again with the answer. */
  readonly fields: readonly (readonly [string, string])[]
}

function choice(incoming: Incoming, options: { consent: Consent; verb: 'post' | 'delete' }): Html {
  const { consent, verb } = options
  const button = verb === 'post' ? html`<button class="main">Authorize</button>` : html`<button>Deny</button>`
  return html`<form method="post" action="${incoming.root}/oauth/authorize">${token(incoming)}
${verb === 'delete' ? hidden('_method', 'delete') : undefined}
${consent.fields.map(([name, value]) => hidden(name, value))}${button}</form>`
}

/** Asks whether an application may use the account, and for what. */
export function consentPage(incoming: Incoming, consent: Consent): Response {
  const { account, client, redirect_uri, scopes } = consent
  const { protocol, host } = new URL(redirect_uri)
  const return_to = `/oauth/authorize?${new URLSearchParams(consent.fields.map(([name, value]) => [name, value]))}`
  return page(incoming, {
    title: `Authorize ${client.name}`,
    // Chromium holds the redirect after a form to this list too.
    formAction: protocol,
    body: html`<h1>Authorize ${client.name} to use your account?</h1>
<p class="account">${card(account, { root: incoming.root, note: account.username })}</p>
${signOut(incoming, { label: 'Use another account', return_to })}
<h2>It will be able to</h2>
<ul class="scopes">${scopes.map(({ name, description }) => html`<li><code>${name}</code><span>${description}</span></li>`)}</ul>
<p class="soft small">Then you go back to <code>${host ? `${protocol}//${host}` : protocol}</code>.</p>
<div class="choices">${choice(incoming, { consent, verb: 'post' })}${choice(incoming, { consent, verb: 'delete' })}</div>`,
  })
}

/** What an error page says: what is wrong, and what follows from it. */
export interface Problem {
  readonly title: string
  readonly message: string
  readonly note?: string
  readonly status?: number
}

/** Says what went wrong. */
export function errorPage(incoming: Incoming, { title, message, note, status = 200 }: Problem): Response {
  const more = note === undefined ? undefined : html`<p class="soft small">${note}</p>`
  const body = html`<h1>${title}</h1><p class="alert" role="alert">${message}</p>${more}`
  return page(incoming, { title, status, body })
}

/** Goes on to an address by script, with a link for who has none. */
export function redirectPage(incoming: Incoming, { location }: { location: string }): Response {
  return page(incoming, {
    title: 'Redirecting',
    body: html`<h1>Redirecting</h1><p><a href="${location}">Click here to redirect to ${location}</a></p>`,
    // An escaped "<" cannot end the script element.
    script: `window.location = ${JSON.stringify(location).replaceAll('<', '\\u003c')}`,
  })
}
