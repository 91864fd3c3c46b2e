import { OAuthError } from 'forgepass'
import { element } from './element.ts'
import { describeExpiry } from './expiry.ts'
import { showListing } from './listing.ts'
import { describeProblem } from './problem.ts'
import { arrival, client, projects, signIn, signOut } from './sign-in.ts'
import * as view from './view.ts'

const buttons = {
  signIn: element('button', 'sign-in'),
  call: element('button', 'call'),
  refresh: element('button', 'refresh'),
  signOut: element('button', 'sign-out'),
}

/** This page load may end a sign-in: what the storage says meanwhile is not the last word. */
let arriving = true
/** What was shown last; `undefined` before the first look. */
let wasSignedIn: boolean | undefined
let failure: unknown
let farewell = ''

/** Shows what the client knows. */
function render(): void {
  const session = client.snapshot
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
  } else {
    view.showHeading('Signed out')
    view.hideResult()
    view.label(buttons.signIn, failure ? 'Try again' : 'Sign in with GitLab')
  }
  view.showState(session ? 'signed-in' : 'signed-out')
  if (hasChanged) view.announce(session ? 'Signed in.' : farewell)
}

/** Drops what was said about the state before; a session that ends with no button pressed here was ended elsewhere. */
function forget(isSignedIn: boolean): void {
  const isOwnDoing = Object.values(buttons).some(view.isBusy)
  if (isSignedIn) failure = undefined
  farewell = isSignedIn || isOwnDoing ? '' : 'Your session was ended in another tab.'
}

/** Shows an error in place of the last one; to have come back without an answer is none. */
function report(error: unknown): void {
  failure = error instanceof OAuthError && error.code === 'login_abandoned' ? undefined : error
  if (failure) view.announce(describeProblem(failure).title)
  else view.announce('The sign-in was not finished.')
}

/** Makes a button do its work, once at a time, and show what went wrong. */
function onPress(button: HTMLButtonElement, busy: string, work: () => Promise<unknown>): void {
  button.addEventListener('click', async () => {
    if (view.isBusy(button)) return
    view.showBusy(button, busy)
    try {
      await work()
      failure = undefined
    } catch (error) {
      report(error)
    }
    view.showIdle(button)
    render()
  })
}

/** Shows what a call led to, and whether the token had to be refreshed for it. */
async function tell(call: string, work: () => Promise<view.Project[] | undefined>): Promise<void> {
  const before = client.snapshot?.expires_at
  const found = await work()
  const { expires_at = Number.POSITIVE_INFINITY } = client.snapshot ?? {}
  const token =
    expires_at === before
      ? `No refresh was due: the token is ${describeExpiry(expires_at, Date.now()).toLowerCase()}.`
      : 'The token was used up, so it was refreshed first.'
  const words = found ? `${found.length} projects. ${token}` : token
  view.showResult(call, { words, projects: found })
  view.announce(words)
}

async function readProjects(): Promise<view.Project[]> {
  const response = await projects()
  if (!response.ok) throw new Error(`The API answered with status ${response.status}`)
  return response.json()
}

async function leave(): Promise<void> {
  const { revoked } = await signOut()
  farewell = revoked
    ? 'GitLab has confirmed it: the tokens are revoked.'
    : 'The tokens are gone from this browser, but GitLab did not confirm that it revoked them.'
  view.announce(`Signed out. ${farewell}`)
}

onPress(buttons.signIn, 'Going to GitLab…', signIn)
onPress(buttons.call, 'Calling…', () => tell("client.fetch('projects')", readProjects))
onPress(buttons.refresh, 'Looking…', () =>
  tell('client.accessToken()', async () => void (await client.accessToken())),
)
onPress(buttons.signOut, 'Signing out…', leave)
client.subscribe(render)
showListing()
setInterval(() => client.snapshot && view.showExpiry(client.snapshot), 1000)

try {
  if (await arrival) view.announce('Signed in.')
} catch (error) {
  report(error)
  // The callback's own address would be an odd place to reload.
  history.replaceState(null, '', '/')
}
arriving = false
await client.session()
render()
