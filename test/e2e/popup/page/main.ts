import {
  type BffClient,
  type Client,
  createBffClient,
  createClient,
  indexedDbStorage,
  OAuthError,
  popup,
  redirect,
  relay,
} from 'forgepass'
import { gitea, gitlab } from 'forgepass/providers'

/** What the page is set up with. */
export interface Settings {
  readonly flow: 'popup' | 'redirect'
  /** What the page reads of the API. */
  readonly resource: string
  /** A forge that the page itself is a client of, else the page's server is. */
  readonly forge?: { readonly kind: 'gitlab' | 'gitea'; readonly base: string; readonly scope: string }
  /** What runs on the callback page: the client, or nothing but the relay. */
  readonly callback?: 'client' | 'relay'
  readonly storage?: 'indexedDb'
  /** The name that the page's server knows the forge by. */
  readonly provider?: string
}

declare global {
  /** The page's own client, for what no button does. */
  var client: Client | BffClient
  /** One signal for all sign-ins of the page, as an app may have. */
  var patience: AbortController
}

const element = (id: string) => document.getElementById(id) as HTMLElement
const settings: Settings = JSON.parse(element('settings').textContent ?? '')
const flow = settings.flow === 'popup' ? popup() : redirect()

function createOwnClient({ forge, storage }: Settings): Client {
  const { kind = 'gitlab', base = '', scope = '' } = forge ?? {}
  const provider = kind === 'gitea' ? gitea({ base }) : gitlab({ base })
  const kept = storage && { storage: indexedDbStorage() }
  return createClient({ provider, client_id: 'tides', redirect_uri: '/callback', scope, flow, ...kept })
}

globalThis.patience = new AbortController()
globalThis.client = settings.provider
  ? createBffClient({ base: '/auth', provider: settings.provider, flow })
  : createOwnClient(settings)

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

/** Lets a button do something, and shows what went wrong. */
function onClick(id: string, action: () => unknown) {
  element(id).addEventListener('click', async () => {
    element('problem').textContent = ''
    element('answer').textContent = ''
    await Promise.resolve(action()).catch(showProblem)
  })
}

onClick('sign-in', async () => {
  const { signal } = patience
  await client.login({ return_to: `${location.pathname}?kept=%20as+is#here`, signal })
  element('answer').textContent = 'login() has resolved'
})
onClick('cancel', () => patience.abort())
onClick('read', async () => {
  const response = await client.fetch(settings.resource)
  element('answer').textContent = `${response.status} ${await response.text()}`
})
onClick('sign-out', async () => {
  const { revoked } = await client.logout()
  element('answer').textContent = `revoked: ${revoked}`
})

async function start() {
  if (settings.callback === 'relay' && location.pathname === '/callback') {
    element('status').textContent = (await relay()) ? 'Taken' : 'Nobody took it'
    return
  }
  client.subscribe((event) => {
    if (event) element('events').textContent += `${event} `
    showSession()
  })
  await client.callback().catch(showProblem)
  await client.session().catch(showProblem)
  showSession()
}

void start()
