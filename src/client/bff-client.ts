import {
  type BackendClient,
  type BackendLoginOptions,
  type BackendOptions,
  connectBackend,
} from './backend.ts'

/** What a client of a backend for frontend is made of. */
export type BffClientOptions = BackendOptions

/** What a sign-in by way of the BFF may be told. */
export type BffLoginOptions = BackendLoginOptions

/** A client whose tokens and secret stay on the server (RFC 10017 section 6.1). */
export interface BffClient extends BackendClient {
  /** `fetch` by way of the BFF, which adds the token: paths below the forge's API base. */
  fetch(path: string, init?: RequestInit): Promise<Response>
}

/**
 * Makes a client for one forge of a BFF; touches no global, so it is safe on a server.
 * @example const client = createBffClient({ base: '/auth', provider: 'gitkraken' })
 */
export const createBffClient: (options: BffClientOptions) => BffClient = connectBackend
