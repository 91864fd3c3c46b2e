import type { Actor } from '../actor.ts'
import type { Plan } from '../side.ts'

/** One request whose answers are compared; what it needs is done on each server before. */
export interface Case {
  readonly name: string
  /** Builds the request, after whatever has to be done before. */
  readonly plan: (actor: Actor) => Promise<Plan> | Plan
  /** Sends the request with Ada's cookie. */
  readonly signedIn?: true
}
