import { type Client, createClient, indexedDbStorage, OAuthError } from 'forgepass'
import { defineProvider } from 'forgepass/providers'

/** What the page is set up with. */
export interface Settings {
  /** The server's discovery document as it is. */
  readonly metadata: Parameters<typeof defineProvider>[0]
  readonly api_base: string
  readonly client_id: string
  readonly storage: 'memory' | 'indexedDb'
}

declare global {
  /** The page's own client, for what no button does. */
  var client: Client
}

const element = (id: string) => document.getElementById(id) as HTMLElement
const settings: Settings = JSON.parse(element('settings').textContent ?? '')

globalThis.client = createClient({
  provider: defineProvider({ ...settings.metadata, api_base: settings.api_base }),
  client_id: settings.client_id,
  redirect_uri: '/callback',
  scope: 'openid offline_access profile email',
  ...(settings.storage === 'indexedDb' && { storage: indexedDbStorage() }),
})

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
    action().catch(showProblem)
  })
}

// The server gives out a refresh token only to those who consent there and then (OpenID Connect Core section 11).
onClick('sign-in', () => client.login({ parameters: { prompt: 'consent' } }))
onClick('read', async () => {
  const response = await client.fetch('books')
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
