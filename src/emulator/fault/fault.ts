import type { Incoming } from '../message.ts'
import type { Store } from '../store.ts'

/** Answers a request, as far as the faults further in let it be answered. */
export type Step = (incoming: Incoming) => Promise<Response>

/** What a fault knows of the forge and of the request it disturbs. */
export interface Scene {
  /** Which part of the forge is asked; its pages are none. */
  readonly place: 'authorization' | 'token' | 'api' | undefined
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  readonly store: Store
  /** The refresh tokens that have been used. */
  readonly spent: Set<string>
  /** Revokes every token. */
  revokeAll(): void
}

/** Disturbs one request; `amount` is 0 for a fault without a number. */
export type Around = (incoming: Incoming, next: Step, scene: Scene & { amount: number }) => Promise<Response>

/** One thing that goes wrong on demand. */
export interface Fault {
  /** What it does, in a line for `--help`. */
  readonly does: string
  /** The number it takes after a colon, where none is given. */
  readonly amount?: number
  readonly around?: Around
}

/** Tells whether a request is one for new tokens against a refresh token (RFC 6749 section 6). */
export const isRefresh = ({ params }: Incoming, { place }: Scene): boolean =>
  place === 'token' && params.get('grant_type') === 'refresh_token'
