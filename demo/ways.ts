import { type Client, popup, redirect, type Session } from 'forgepass'
import { type Choice, isByToken } from './choice.ts'
import { createServerClient } from './ways/bff.ts'
import { createGiteaClient } from './ways/gitea.ts'
import { createGitLabClient } from './ways/gitlab.ts'
import { createTokenClient } from './ways/personal-token.ts'

/** What a sign-in may need of the page. */
export interface Login {
  /** Ends a sign-in that waits for a window. */
  readonly signal: AbortSignal
  /** What stands in the field for a personal access token. */
  readonly token: string
}

/** One way to sign in, with what the page asks of any client. */
export interface Way {
  readonly client: Pick<Client, 'fetch' | 'logout' | 'session' | 'snapshot' | 'subscribe'>
  /** Finishes a sign-in that this page load ends. */
  arrive(): Promise<unknown>
  login(given: Login): Promise<Session>
  /** Where the page itself has the token. */
  readonly accessToken?: (() => Promise<string>) | undefined
}

const flows = { redirect, popup }
const browserClients = { gitlab: createGitLabClient, gitea: createGiteaClient }

function makeWay({ forge, tokens, flow }: Choice): Way {
  if (tokens === 'server') {
    const client = createServerClient(forge, flows[flow]())
    return { client, arrive: client.callback, login: ({ signal }) => client.login({ signal }) }
  }
  if (forge === 'gitkraken') {
    const client = createTokenClient()
    return { client, arrive: async () => {}, login: ({ token }) => client.login({ token }) }
  }
  const client = browserClients[forge](flows[flow]())
  const { accessToken } = client
  return {
    client,
    accessToken,
    arrive: () => client.callback(),
    login: ({ signal }) => client.login({ signal }),
  }
}

const made = new Map<string, Way>()

/** The one way of a choice. */
export function wayOf(choice: Choice): Way {
  const name = Object.values(choice).join()
  const way = made.get(name) ?? makeWay(choice)
  made.set(name, way)
  return way
}

/** Finishes what this page load ends, be it a sign-in by redirect or one in a popup, which hands on its address and closes. */
export const arrive = (choice: Choice): Promise<unknown> =>
  wayOf(isByToken(choice) || choice.tokens === 'server' ? choice : { ...choice, flow: 'popup' }).arrive()
