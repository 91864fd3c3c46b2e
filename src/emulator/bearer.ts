import type { Incoming } from './message.ts'
import type { Credential, Store } from './store.ts'

/** Reads the token of a header such as `Bearer x` (RFC 6750 section 2.1), whichever of the schemes it has. */
export function readScheme({ headers }: Incoming, schemes: readonly string[]): string {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(headers.get('authorization') ?? '') ?? []
  return schemes.includes(scheme.toLowerCase()) ? value : ''
}

/** Finds what a token stands for, if it still works. */
export function findLive(value: string | null | undefined, store: Store): Credential | undefined {
  const credential = value ? store.findCredential(value) : undefined
  return credential && !credential.revoked && store.now() <= credential.expires_at ? credential : undefined
}
