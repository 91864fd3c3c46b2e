import { OAuthError } from 'forgepass'
import { type App, createApp, type Person, type Settings } from './clients.ts'

declare global {
  /** The page's own client, for what no button does. */
  var harbour: App['client']
  /** What the page's clock is ahead, in milliseconds. */
  var ahead: number
}

const element = (id: string) => document.getElementById(id) as HTMLElement
const settings: Settings = JSON.parse(element('settings').textContent ?? '')
const read: Person['read'] = (field) => (element(field) as HTMLInputElement).value

/** Puts up the address where the person gets a code, and waits for what they paste. */
const ask: Person['ask'] = async ({ url, error }) => {
  const address = element('address') as HTMLAnchorElement
  address.href = url.href
  element('question').hidden = false
  if (error) showProblem(error)
  await new Promise((resolve) => element('use').addEventListener('click', resolve, { once: true }))
  element('problem').textContent = ''
  return read('code')
}

globalThis.ahead = 0
const { client, signIn } = createApp(settings, { read, ask })
globalThis.harbour = client

function showSession() {
  const { snapshot } = client
  const { name = 'somebody', username } = snapshot?.account ?? {}
  if (snapshot === undefined) return
  element('status').textContent = snapshot ? `Signed in as ${name} (${username})` : 'Signed out'
}

function showProblem(problem: unknown) {
  if (!(problem instanceof OAuthError)) throw problem
  const { code, error, hint } = problem
  element('problem').textContent = [code, error, hint].filter(Boolean).join(' | ')
}

/** Lets a button do something, and shows what came of it. */
function onClick(id: string, action: () => Promise<string>) {
  element(id).addEventListener('click', async () => {
    for (const part of ['problem', 'answer']) element(part).textContent = ''
    await action().then((answer) => {
      element('answer').textContent = answer
    }, showProblem)
  })
}

onClick('sign-in', async () => {
  await signIn()
  return 'login() has resolved'
})
onClick('read', async () => {
  const response = await client.fetch(settings.resource)
  return `${response.status} ${await response.text()}`
})
onClick('sign-out', async () => {
  const { revoked } = await client.logout()
  return `revoked: ${revoked}`
})

client.subscribe(showSession)
await client.callback().catch(showProblem)
await client.session().catch(showProblem)
showSession()
