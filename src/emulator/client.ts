/** An application registered at the forge; it is confidential when it has a `client_secret` (RFC 6749 section 2.1). */
export interface Client {
  readonly client_id: string
  readonly client_secret?: string
  /** Addresses it may be sent back to, none for one without a callback; `'loopback'` stands for any http(s) address on this machine. */
  readonly redirect_uris: readonly string[] | 'loopback'
  readonly name: string
  /** Scopes it may ask for. Default: all the forge has. */
  readonly scopes?: readonly string[]
  /** An instance-wide application: GitLab asks nobody about it, and Gitea everyone once. */
  readonly trusted?: true
}

/** The secret of every demo client: it stands in this package for all to read, so it protects nothing. */
const client_secret = 'public-demo-secret'

/** The client that needs no registration. */
export const demoClient: Client = {
  client_id: 'forgepass-demo',
  name: 'forgepass demo',
  redirect_uris: 'loopback',
}

/** {@link demoClient} for a forge where every application has a secret. */
export const demoConfidentialClient = { ...demoClient, client_secret }

/** The client of a BFF beside {@link demoClient}. */
export const demoBffClient: Client = {
  client_id: 'forgepass-demo-bff',
  client_secret,
  name: 'forgepass demo (BFF)',
  redirect_uris: 'loopback',
}
