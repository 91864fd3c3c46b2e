import {
  type BffClient,
  type Client,
  createBffClient,
  createClient,
  indexedDbStorage,
  OAuthError,
} from 'forgepass'
import { defineProvider, gitlab } from 'forgepass/providers'

/** A page that is a client of its own. */
export interface ClientSettings {
  /** The server's discovery document as it is, or where a GitLab is. */
  readonly server:
    | { readonly metadata: Parameters<typeof defineProvider>[0]; readonly api_base: string }
    | { readonly gitlab: string }
  readonly client_id: string
  readonly scope: string
  readonly storage: 'memory' | 'indexedDb'
  /** Further parameters of the authorization request. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** A page whose server is the client: where its BFF is, and what that calls the forge. */
export interface BffSettings {
  readonly base: string
  readonly provider: string
}

/** What the page is set up with. */
export type Settings = (ClientSettings | BffSettings) & {
  /** What the page reads of the API. */
  readonly resource: string
}

declare global {
  /** The page's own client, for what no button does. */
  var client: Client | BffClient
}

const element = (id: string) => document.getElementById(id) as HTMLElement
const settings: Settings = JSON.parse(element('settings').textContent ?? '')

function createOwnClient({ server, client_id, scope, storage }: ClientSettings): Client {
  const provider =
    'gitlab' in server
      ? gitlab({ base: server.gitlab })
      : defineProvider({ ...server.metadata, api_base: server.api_base })
  const kept = storage === 'indexedDb' && { storage: indexedDbStorage() }
  return createClient({ provider, client_id, redirect_uri: '/callback', scope, ...kept })
}

globalThis.client = 'base' in settings ? createBffClient(settings) : createOwnClient(settings)

function showSession() {
  const { snapshot } = client
  if (snapshot === undefined) return
  const { name, username, email, avatar_url = '' } = snapshot?.account ?? {}
  const owner = name ? ` as ${name} (${username}, ${email})` : ''
  element('status').textContent = snapshot ? `Signed in${owner}` : 'Signed out'
  const picture = element('picture') as HTMLImageElement
  picture.src = avatar_url
  picture.hidden = !avatar_url
}

function showProblem(problem: unknown) {
  if (!(problem instanceof OAuthError)) throw problem
  const { code, error, error_description, hint } = problem
  element('problem').textContent = [code, error, error_description, hint].filter(Boolean).join(' | ')
}

/** Lets a button do something, and shows what went wrong. */
function onClick(id: string, action: () => Promise<unknown>) {
  element(id).addEventListener('click', () => {
    element('problem').textContent = ''
    element('answer').textContent = ''
    action().catch(showProblem)
  })
}

onClick('sign-in', () => client.login('parameters' in settings ? { parameters: settings.parameters } : {}))
onClick('read', async () => {
  const response = await client.fetch(settings.resource)
  element('answer').textContent = `${response.status} ${await response.text()}`
})
onClick('sign-out', async () => {
  const { revoked } = await client.logout()
  element('answer').textContent = revoked ? 'The server forgot you.' : 'The server did not confirm.'
})

client.subscribe(showSession)
client
  .callback()
  .catch(showProblem)
  .then(() => client.session())
  .then(showSession)
