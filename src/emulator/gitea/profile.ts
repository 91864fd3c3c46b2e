import type { Signer } from '../id-token.ts'
import type { Store } from '../store.ts'
import type { Grants } from './grant.ts'

/** `current` is today's Gitea; `documented` is the one its first OAuth page describes, up to 1.13, as at git.mirocod.ru. */
export type GiteaProfile = 'current' | 'documented'

/** In what a Gitea, or a Forgejo, differs from the Gitea of today. */
export type Quirk =
  /** Cancel is a link to the bare `redirect_uri`. */
  | 'bare_cancel'
  /** Codes that are agreed to by hand forget an S256 challenge, so that any verifier will do. */
  | 's256_lost'
  /** Codes that are agreed to by hand take a plain challenge for the method, so that no verifier will do. */
  | 'plain_lost'
  /** The `redirect_uri` of a token request need only be a registered one. */
  | 'unbound_redirect_uri'
  /** Codes never run out. */
  | 'lasting_codes'
  /** A token may do everything, whatever its scope says. */
  | 'no_scopes'
  /** Who has agreed to one scope cannot agree to another. */
  | 'fixed_scope'
  /** The issuer ends in a slash. */
  | 'issuer_with_slash'
  /** Forgejo's own words for a misused token or address. */
  | 'forgejo_words'

/** What the parts of an emulated Gitea share. */
export interface Gitea {
  readonly store: Store
  readonly grants: Grants
  readonly profile: GiteaProfile
  readonly quirks: ReadonlySet<Quirk>
  readonly signer: Signer
  readonly invalidate_refresh_tokens: boolean
}
