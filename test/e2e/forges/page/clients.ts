import {
  type Client,
  createBffClient,
  createClient,
  createMediatedClient,
  implicit,
  type PasteOptions,
  password,
  paste,
  personalToken,
  popup,
  redirect,
} from 'forgepass'
import {
  forgejo,
  gitcode,
  gitea,
  github,
  gitkraken,
  gitlab,
  gitshare,
  type Provider,
} from 'forgepass/providers'

const providers = { forgejo, gitcode, gitea, github, gitkraken, gitlab, gitshare }

/** Which provider, and the options of the function that makes it. */
export interface ForgeSettings {
  readonly kind: keyof typeof providers
  readonly options: { readonly base: string; readonly profile?: string; readonly token_in?: 'query' }
}

/** What the page is set up with. */
export interface Settings {
  readonly client: 'own' | 'bff' | 'mediated'
  readonly grant: 'code' | 'implicit' | 'password' | 'personal token'
  readonly flow: 'redirect' | 'popup' | 'paste'
  /** The path that the page is at, with a slash at its end. */
  readonly path: string
  readonly forge: ForgeSettings
  readonly scope?: string
  /** What the page reads of the API. */
  readonly resource: string
}

/** The person in front of the page. */
export interface Person extends PasteOptions {
  /** What they have typed into a field. */
  readonly read: (field: string) => string
}

/** A client of any kind, and what the button of a sign-in does. */
export interface App {
  readonly client: Pick<Client, 'session' | 'snapshot' | 'subscribe' | 'logout'> & {
    callback(): Promise<unknown>
    fetch(path: string): Promise<Response>
    accessToken?(): Promise<string>
  }
  readonly signIn: () => Promise<unknown>
}

const now = () => Date.now() + globalThis.ahead

const providerOf = ({ forge: { kind, options } }: Settings) =>
  (providers[kind] as (given: ForgeSettings['options']) => Provider)(options)

const flowOf = ({ flow }: Settings, person: Person) =>
  flow === 'paste' ? paste(person) : flow === 'popup' ? popup() : redirect()

/** Makes the client of a page whose server is the client of the forge. */
function createServed(settings: Settings, person: Person): App {
  const backend = { base: `${settings.path}auth`, provider: 'forge', flow: flowOf(settings, person) }
  const { api_base = '', token_in } = providerOf(settings)
  const client =
    settings.client === 'bff'
      ? createBffClient(backend)
      : createMediatedClient({ ...backend, api_base, now, ...(token_in && { token_in }) })
  return { client, signIn: () => client.login() }
}

/** Makes the client of a page that talks to the forge itself. */
function createOwn(settings: Settings, person: Person): App {
  const { read } = person
  const { grant, path, scope } = settings
  const common = { provider: providerOf(settings), now, ...(scope && { scope }) }
  if (grant === 'password') {
    const client = createClient({ ...common, grant: password() })
    const signIn = () => client.login({ username: read('username'), password: read('password') })
    return { client, signIn }
  }
  if (grant === 'personal token') {
    const client = createClient({ ...common, grant: personalToken() })
    return { client, signIn: () => client.login({ token: read('token') }) }
  }
  const app = {
    ...common,
    client_id: 'harbour',
    redirect_uri: `${path}callback`,
    flow: flowOf(settings, person),
  }
  const client = grant === 'implicit' ? createClient({ ...app, grant: implicit() }) : createClient(app)
  return { client, signIn: () => client.login() }
}

/** Makes the client that the settings speak of. */
export const createApp = (settings: Settings, person: Person): App =>
  settings.client === 'own' ? createOwn(settings, person) : createServed(settings, person)
