import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createBff } from '../../../src/bff/index.ts'
import { toNodeListener } from '../../../src/node/index.ts'
import { type GitLabProfile, gitlab } from '../../../src/provider/gitlab.ts'
import type { Tokens } from '../actor.ts'

/** How a BFF is set up beside what is usual. */
export interface BackendOptions {
  /** Where the tokens are. Default: on the server alone. */
  readonly tokens?: 'browser'
  /** Where tokens go, if not in the header. */
  readonly token_in?: 'query'
}

/** What the page's server, the confidential client, does at the GitLab. */
export interface Backend {
  readonly tokenRequests: readonly TokenRequest[]
  /** What it asked the API for. */
  readonly calls: readonly Request[]
  /** What it answered to a page that asked for a token. */
  readonly given: readonly Promise<string>[]
  /** The tokens that it got last. */
  last(): Tokens
  /** Lets time pass for its clock. */
  later(seconds: number): void
}

/** One request that the BFF sent to the token endpoint, and the tokens it got. */
interface TokenRequest {
  readonly params: Readonly<Record<string, string>>
  readonly tokens: Tokens
}

/** The application that has a secret, as it proves itself. */
export const credentials = { client_id: 'server', client_secret: 'gloas-s_e.cret-of-the-server' }

/** Builds a `fetch` that writes down what the token endpoint and the API are asked. */
function record(tokenRequests: TokenRequest[], calls: Request[]): typeof fetch {
  return async (...request) => {
    const sent = new Request(...request)
    if (sent.url.includes('/api/v4/')) calls.push(sent)
    const copy = sent.clone()
    const response = await fetch(sent)
    if (sent.url.endsWith('/oauth/token')) {
      const params = Object.fromEntries(new URLSearchParams(await copy.text()))
      tokenRequests.push({ params, tokens: await response.clone().json() })
    }
    return response
  }
}

/** Where the page and its GitLab are, and which one that is. */
interface Place {
  readonly origin: string
  readonly base: string
  readonly profile: GitLabProfile
}

/** Makes a BFF for the page, which writes down what it does. */
export function createBackend(
  { origin, base, profile }: Place,
  { tokens, token_in }: BackendOptions,
): { listener: RequestListener; backend: Backend } {
  const tokenRequests: TokenRequest[] = []
  const calls: Request[] = []
  const given: Promise<string>[] = []
  let ahead = 0
  const provider = gitlab({ base, profile, ...(token_in && { token_in }) })
  const bff = createBff({
    publicOrigin: origin,
    providers: { gitlab: { provider, ...credentials, scope: 'read_user' } },
    cookieSecret: randomBytes(32).toString('base64'),
    ...(tokens && { tokens }),
    fetch: record(tokenRequests, calls),
    now: () => Date.now() + ahead,
  })
  const backend: Backend = {
    tokenRequests,
    calls,
    given,
    last() {
      const { tokens } = tokenRequests.at(-1) ?? {}
      if (!tokens) throw new Error('The BFF got no token.')
      return tokens
    },
    later(seconds) {
      ahead += seconds * 1000
    },
  }
  const answer = async (request: Request) => {
    const response = await bff.fetch(request)
    if (request.url.startsWith(`${origin}/auth/token/`)) given.push(response.clone().text())
    return response
  }
  return { listener: toNodeListener(answer), backend }
}
