import type { Store } from '../store.ts'

/**
 * `documented` is GitShare by its own page, where a token request for a code has no `grant_type`; `current` demands one, as
 * django-oauth-toolkit does, whose answers GitShare's are shaped like.
 */
export type GitShareProfile = 'current' | 'documented'

/** What the parts of an emulated GitShare share. */
export interface GitShare {
  readonly store: Store
  readonly profile: GitShareProfile
}
