import { type Actor, exchange } from '../actor.ts'
import type { Changes, Plan } from '../side.ts'
import type { Case } from './case.ts'

/** An exchange of a fresh code, with some of it changed. */
export const fresh = (
  name: string,
  changes: Changes,
  more: { asked?: Changes; headers?: Record<string, string> } = {},
): Case => ({
  name: `exchange: ${name}`,
  plan: async ({ winCode }) => ({
    ...exchange({ code: await winCode(more.asked), ...changes }),
    ...(more.headers && { headers: more.headers }),
  }),
})

/** A request that comes after something else. */
export const after = (name: string, plan: (actor: Actor) => Promise<Plan>): Case => ({
  name: `exchange: ${name}`,
  plan,
})
