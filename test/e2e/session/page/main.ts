import { createClient, indexedDbStorage, popup, redirect } from 'forgepass'
import { gitlab } from 'forgepass/providers'
import type { Settings } from '../../popup/page/main.ts'

declare global {
  /** Tells the test what the page got to hear: events, and errors with all that is in them. */
  var tell: ((kind: string, text: string) => void) | undefined
  /** Milliseconds that the page's clock is ahead. */
  var ahead: number
}

const element = (id: string) => document.getElementById(id) as HTMLElement
const settings: Settings = JSON.parse(element('settings').textContent ?? '')
globalThis.ahead = 0

const client = createClient({
  provider: gitlab({ base: settings.forge?.base ?? '' }),
  client_id: 'tides',
  redirect_uri: '/callback',
  scope: 'read_user',
  storage: indexedDbStorage(),
  flow: settings.flow === 'popup' ? popup() : redirect(),
  now: () => Date.now() + globalThis.ahead,
})
globalThis.client = client

/** Everything that an error says, to whoever may print or send it. */
function allOf(problem: unknown): string {
  const { message, stack, cause, ...others } = Object(problem)
  const members = Object.getOwnPropertyDescriptors(Object(problem))
  const texts = [`${problem}`, message, stack, JSON.stringify(problem), JSON.stringify(members)]
  return [...texts, JSON.stringify(others), cause ? allOf(cause) : ''].join('\n')
}

function show() {
  const { snapshot } = client
  globalThis.tell?.('event', JSON.stringify(snapshot))
  const { name, username } = snapshot?.account ?? {}
  if (snapshot !== undefined)
    element('status').textContent = snapshot ? `Signed in as ${name} (${username})` : 'Signed out'
}

function showProblem(problem: unknown) {
  globalThis.tell?.('error', allOf(problem))
  // As apps do, and what reports errors to somebody.
  console.error(problem)
  element('problem').textContent = `${Object(problem).code} ${Object(problem).message}`
}

/** Lets a button do something, and shows what came of it. */
function onClick(id: string, action: () => Promise<unknown>) {
  element(id).addEventListener('click', () => {
    element('problem').textContent = ''
    element('answer').textContent = ''
    action().then((answer) => {
      element('answer').textContent = `${answer}`
    }, showProblem)
  })
}

onClick('sign-in', async () => (await client.login()).scope)
onClick('read', async () => (await client.fetch('user')).status)
onClick('fail', () => client.fetch('https://elsewhere.example/'))
onClick('sign-out', async () => `revoked: ${(await client.logout()).revoked}`)

client.subscribe((event) => {
  globalThis.tell?.('event', `${event}`)
  show()
})
client
  .callback()
  .catch(showProblem)
  .then(() => client.session())
  .then(show)
