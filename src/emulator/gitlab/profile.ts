import type { Signer } from '../id-token.ts'
import type { Store } from '../store.ts'

/**
 * `current` is today's GitLab; `documented` the one its early OAuth page describes, which had the implicit grant and took
 * passwords from any application.
 */
export type GitLabProfile = 'current' | 'documented'

/** What the parts of an emulated GitLab share. */
export interface GitLab {
  readonly store: Store
  readonly profile: GitLabProfile
  readonly signer: Signer
}
