import { OAuthError } from 'forgepass'
import { callApi, type Outcome, refresh } from './calls.ts'
import { addressOf, type Choice, isByToken, readChoice } from './choice.ts'
import { element } from './element.ts'
import { facts } from './forges.ts'
import { showListing } from './listing.ts'
import { onChoice, showChoice } from './picker.ts'
import { isAtWork, onPress } from './press.ts'
import { describeProblem } from './problem.ts'
import { clearToken, offerSamples, readToken } from './token-field.ts'
import * as view from './view.ts'
import { arrive, wayOf } from './ways.ts'
import { describeFarewell, describeWhereabouts } from './words.ts'

// First, before anything else looks at the address.
let choice = readChoice(new URL(location.href))
const arrival = arrive(choice)

const buttons = {
  signIn: element('button', 'sign-in'),
  refresh: element('button', 'refresh'),
}

let way = wayOf(choice)
let leave = () => {}
/** This page load may end a sign-in: what the storage says meanwhile is not the last word. */
let arriving = true
/** What was shown last; `undefined` before the first look. */
let wasSignedIn: boolean | undefined
let failure: unknown
let farewell = ''
/** Ends the sign-in that waits for a window. */
let cancel = () => {}

/** Shows what the client knows. */
function render(): void {
  // What could not be asked for counts as none.
  const session = way.client.snapshot ?? (failure ? null : way.client.snapshot)
  if (arriving || session === undefined) return
  const isSignedIn = session !== null
  const hasChanged = wasSignedIn !== undefined && wasSignedIn !== isSignedIn
  wasSignedIn = isSignedIn
  if (hasChanged) forget(isSignedIn)
  view.showProblem(failure)
  view.showFarewell(failure ? '' : farewell)
  if (session) {
    view.showHeading('Signed in')
    view.showAccount(session)
    view.showExpiry(session)
    buttons.refresh.hidden = !way.accessToken || session.expires_at === undefined
  } else {
    view.showHeading('Signed out')
    view.hideResult()
    view.label(buttons.signIn, failure ? 'Try again' : `Sign in with ${facts[choice.forge].name}`)
  }
  view.showState(session ? 'signed-in' : 'signed-out')
  if (hasChanged) view.announce(session ? 'Signed in.' : farewell)
}

/** Drops what was said about the state before; a session that ends with no button pressed here was ended elsewhere. */
function forget(isSignedIn: boolean): void {
  if (isSignedIn) failure = undefined
  farewell = isSignedIn || isAtWork() ? '' : 'Your session was ended in another tab.'
}

/** Shows an error in place of the last one; to have come back without an answer is none. */
function report(error: unknown): void {
  const code = error instanceof OAuthError ? error.code : ''
  const isOwnDoing = code === 'login_abandoned' || code === 'popup_closed'
  failure = isOwnDoing ? undefined : error
  if (code === 'popup_closed') farewell = 'You have cancelled the sign-in.'
  view.announce(isOwnDoing ? 'The sign-in was not finished.' : describeProblem(error).title)
}

/** Shows how what a button did went. */
function settle(outcome: { readonly error?: unknown }): void {
  if ('error' in outcome) report(outcome.error)
  else failure = undefined
  render()
}

/** Signs in; one that waits for a window can be cancelled. */
async function signIn(): Promise<void> {
  const controller = new AbortController()
  cancel = () => controller.abort()
  ;[failure, farewell] = [undefined, '']
  if (choice.flow === 'popup' && !isByToken(choice)) {
    // What was said of the last try would be taken for a word on this one.
    render()
    view.showWaiting('Go on in the window that has opened.')
  }
  try {
    await way.login({ signal: controller.signal, token: readToken() })
    clearToken()
  } finally {
    view.showWaiting(undefined)
  }
}

/** Shows what a call has led to. */
async function tell(work: (choice: Choice) => Promise<Outcome>): Promise<void> {
  const outcome = await work(choice)
  view.showResult(outcome)
  view.announce(outcome.words)
}

async function signOut(): Promise<void> {
  farewell = describeFarewell(choice, await way.client.logout())
  view.announce(`Signed out. ${farewell}`)
}

/** Looks for the session of the chosen way, and shows it if it still is the chosen one. */
async function look(): Promise<void> {
  const asked = way
  await asked.client.session().catch((error) => {
    if (asked === way) report(error)
  })
  if (asked === way) render()
}

/** Shows everything about a way but its session. */
function show(next: Choice): void {
  choice = next
  way = wayOf(choice)
  const byToken = isByToken(choice)
  showChoice(choice, { flow: byToken ? 'absent' : 'offered' })
  element('div', 'by-code').hidden = byToken
  element('form', 'by-token').hidden = !byToken
  element('p', 'whereabouts').textContent = describeWhereabouts(choice)
  showListing(choice)
  leave()
  leave = way.client.subscribe((event) => (event ? doubt() : render()))
}

/** Says what to do where the window may be gone: a forge may have cut it off, so nobody can know. */
function doubt(): void {
  const words =
    'The window seems to be closed. If you still see it, go on there. If not, cancel and start again.'
  view.showWaiting(words)
  view.announce(words)
}

/** Goes over to another way. */
async function turnTo(next: Choice): Promise<void> {
  ;[failure, farewell, wasSignedIn] = [undefined, '', undefined]
  show(next)
  history.replaceState(null, '', addressOf(next))
  view.showHeading('One moment…')
  view.showProblem(undefined)
  view.hideResult()
  view.showState('unknown')
  render()
  await look()
  const state = wasSignedIn ? 'signed in' : 'signed out'
  if (choice === next) view.announce(`${facts[next.forge].name}: ${state}.`)
}

/** Goes to the forge in this tab, where no window may open. */
async function signInByRedirect(): Promise<void> {
  await turnTo({ ...choice, flow: 'redirect' })
  buttons.signIn.focus()
  buttons.signIn.click()
}

const leaving = () =>
  choice.flow === 'popup' ? 'Waiting for the window…' : `Going to ${facts[choice.forge].name}…`
onPress(buttons.signIn, { busy: leaving, work: signIn, settle })
onPress(element('button', 'use-token'), { busy: () => 'Looking whose it is…', work: signIn, settle })
onPress(element('button', 'call'), { busy: () => 'Calling…', work: () => tell(callApi), settle })
onPress(buttons.refresh, { busy: () => 'Looking…', work: () => tell(refresh), settle })
onPress(element('button', 'sign-out'), { busy: () => 'Signing out…', work: signOut, settle })
element('button', 'by-redirect').addEventListener('click', signInByRedirect)
element('button', 'cancel').addEventListener('click', () => {
  buttons.signIn.focus()
  cancel()
})
offerSamples()
onChoice((part) => turnTo({ ...choice, ...part }))
setInterval(() => way.client.snapshot && view.showExpiry(way.client.snapshot), 1000)
// Another tab may have signed in at the server meanwhile, or this page comes back as it was left.
addEventListener('visibilitychange', () => arriving || document.hidden || look())
addEventListener('pageshow', ({ persisted }) => persisted && look())
show(choice)

try {
  if (await arrival) view.announce('Signed in.')
} catch (error) {
  report(error)
}
arriving = false
// The page that the sign-in started from, or a callback, whose own address would be an odd place to reload.
show(readChoice(new URL(location.href)))
history.replaceState(null, '', addressOf(choice))
await look()
