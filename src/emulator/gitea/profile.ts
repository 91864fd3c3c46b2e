import type { Store } from '../store.ts'
import type { Grants } from './grant.ts'

/** `current` is today's Gitea; `documented` is the one its first OAuth page describes, up to 1.13, as at git.mirocod.ru. */
export type GiteaProfile = 'current' | 'documented'

/** What the parts of an emulated Gitea share. */
export interface Gitea {
  readonly store: Store
  readonly grants: Grants
  readonly profile: GiteaProfile
  readonly invalidate_refresh_tokens: boolean
}
