import { avatarUrl } from './avatar.ts'
import { type Html, html } from './html.ts'
import type { Incoming } from './message.ts'
import { page } from './page.ts'
import type { Account } from './store.ts'

/** A field of a form that nobody sees. */
export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`

/** What every form carries to be let through. */
export const token = ({ visitor }: Incoming): Html => hidden('authenticity_token', visitor.authenticity_token)

/** Picture and name of an account; the picture says nothing that the name beside it does not. */
export const card = (account: Account, { root, note }: { root: string; note: string }): Html =>
  html`<img src="${avatarUrl(account, root)}" alt="" width="40" height="40"><span>${account.name}<span>${note}</span></span>`

const person = (incoming: Incoming, account: Account): Html => html`<li><form method="post" action="${
  incoming.root + incoming.signInPath
}">
${token(incoming)}${hidden('return_to', incoming.visitor.return_to ?? '/')}
${hidden('user[login]', account.username)}${hidden('user[password]', account.password)}
<button class="account">${card(account, { root: incoming.root, note: `${account.username} · ${account.password}` })}</button>
</form></li>`

/** Shows who has an account here, to click on, and a form for a name and a password. */
export function signInPage(
  incoming: Incoming,
  options: { accounts: readonly Account[]; alert?: string },
): Response {
  const { root, visitor, forge, signInPath } = incoming
  const alert = options.alert ? html`<p class="alert" role="alert">${options.alert}</p>` : undefined
  return page(incoming, {
    title: 'Sign in',
    body: html`<h1>Sign in to ${forge}</h1>${alert}
<p class="soft">Choose a person. Their passwords are no secret.</p>
<ul>${options.accounts.map((account) => person(incoming, account))}</ul>
<h2>Or type a name and a password</h2>
<form method="post" action="${root + signInPath}">${token(incoming)}${hidden('return_to', visitor.return_to ?? '/')}
<label for="login">Username or e-mail</label>
<input id="login" name="user[login]" autocomplete="username" autocapitalize="none" spellcheck="false" required>
<label for="password">Password</label>
<input id="password" name="user[password]" type="password" autocomplete="current-password" required>
<button class="main">Sign in</button></form>`,
  })
}

/** A small button that signs out, and then leads on within the forge. */
export const signOut = (
  incoming: Incoming,
  options: { label: string; return_to: string },
): Html => html`<form method="post"
action="${incoming.root + incoming.signOutPath}">${token(incoming)}${hidden('return_to', options.return_to)}
<button class="link small">${options.label}</button></form>`

const tokenList = (tokens: readonly string[]): Html | undefined =>
  tokens.length === 0
    ? undefined
    : html`<h2>Personal access tokens</h2>
<ul>${tokens.map((value) => html`<li><code>${value}</code></li>`)}</ul>`

/** Shows who is signed in, with their personal access tokens, when nothing else is to do. */
export function homePage(
  incoming: Incoming,
  options: { account: Account; personal_access_tokens: readonly string[] },
): Response {
  const { root, forge } = incoming
  const { account, personal_access_tokens } = options
  return page(incoming, {
    title: 'Home',
    body: html`<h1>Signed in to ${forge}</h1>
<p class="account">${card(account, { root, note: account.username })}</p>
<p>Go back to your application and sign in with ${forge} there.</p>
${tokenList(personal_access_tokens)}
${signOut(incoming, { label: 'Sign out', return_to: '/' })}`,
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

/** Shows a verifier, for people to copy into an application that has no address to be sent back to. */
export function verifierPage(
  incoming: Incoming,
  { verifier, application }: { verifier: string; application: string },
): Response {
  return page(incoming, {
    title: 'Verifier',
    body: html`<h1>${application} is authorized</h1>
<p>Copy this verifier, and paste it into the application:</p>
<p><code id="verifier">${verifier}</code></p>`,
  })
}
