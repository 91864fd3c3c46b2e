import {
  type BffClient,
  type Client,
  createBffClient,
  createClient,
  createMediatedClient,
  implicit,
  indexedDbStorage,
  type LoginClient,
  OAuthError,
  password,
  personalToken,
  popup,
  redirect,
} from 'forgepass'
import { gitlab } from 'forgepass/providers'

/** What the page is set up with. */
export interface Settings {
  /** Who the application is: the page with one of the grants, its server, or its server for the page. */
  readonly kind: 'code' | 'implicit' | 'password' | 'password as JSON' | 'personal token' | 'BFF' | 'mediated'
  readonly profile: 'current' | 'documented'
  /** Where the GitLab is, or the BFF of this page. */
  readonly base: string
  /** The name that the BFF knows the GitLab by. */
  readonly provider: 'gitlab'
  /** Prefix of the API, for a page that its server gives a token. */
  readonly api_base?: string
  /** Where tokens go, if not in the header. */
  readonly token_in?: 'query'
  readonly scope: string
  readonly flow: 'redirect' | 'popup'
  readonly storage: 'memory' | 'indexedDb'
  /** What the page reads of the API. */
  readonly resource: string
}

declare global {
  /** The page's own client, for what no button does. */
  var client: Client | BffClient
}

const element = (id: string) => document.getElementById(id) as HTMLElement
const entered = (id: string) => (element(id) as HTMLInputElement).value
const settings: Settings = JSON.parse(element('settings').textContent ?? '')

/** The page's client, and the way to sign in with it. */
interface Application {
  readonly client: typeof client
  readonly signIn: () => Promise<unknown>
}

const withLogin = (client: Client | BffClient): Application => ({
  client,
  signIn: () => client.login(),
})

/** An application whose sign-in takes what is entered in the page. */
const byHand = (client: LoginClient<never>, signIn: Application['signIn']): Application => ({
  client: client as Client,
  signIn,
})

function create({ kind, profile, base, provider, api_base = '', scope, storage }: Settings): Application {
  const flow = settings.flow === 'popup' ? popup() : redirect()
  const kept = storage === 'indexedDb' && { storage: indexedDbStorage() }
  const put = settings.token_in && { token_in: settings.token_in }
  const own = { client_id: 'spa', redirect_uri: '/callback', scope, flow, ...kept }
  if (kind === 'BFF') return withLogin(createBffClient({ base, provider, flow }))
  if (kind === 'mediated') return withLogin(createMediatedClient({ base, provider, api_base, flow, ...put }))
  if (kind === 'code') return withLogin(createClient({ provider: gitlab({ base, ...put }), ...own }))
  if (kind === 'personal token') {
    const forge = gitlab({ base, profile, ...put })
    const client = createClient({ provider: forge, grant: personalToken(), ...kept })
    return byHand(client, () => client.login({ token: entered('token') }))
  }
  const forge = gitlab({ base, profile: 'documented', ...put })
  if (kind === 'implicit') return withLogin(createClient({ provider: forge, grant: implicit(), ...own }))
  // Nobody has to register anything for this one.
  const grant = password({ body: kind === 'password' ? 'form' : 'json' })
  const client = createClient({ provider: forge, grant, ...kept })
  return byHand(client, () =>
    client.login({ username: entered('username'), password: entered('password'), scope }),
  )
}

const application = create(settings)
globalThis.client = application.client

function showSession() {
  const { snapshot } = client
  if (snapshot === undefined) return
  const { name, username, email } = snapshot?.account ?? {}
  const owner = name ? ` as ${name} (${username}, ${email})` : ''
  element('status').textContent = snapshot ? `Signed in${owner}` : 'Signed out'
}

function showProblem(problem: unknown) {
  if (!(problem instanceof OAuthError)) throw problem
  const { code, error, error_description, hint } = problem
  element('problem').textContent = [code, error, error_description, hint].filter(Boolean).join(' | ')
}

/** Lets a button do something, and shows what went wrong. */
function onClick(id: string, action: () => Promise<unknown>) {
  element(id).addEventListener('click', () => {
    element('problem').textContent = element('answer').textContent = ''
    action().catch(showProblem)
  })
}

onClick('sign-in', application.signIn)
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
