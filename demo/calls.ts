import type { Choice } from './choice.ts'
import { facts, type Item } from './forges.ts'
import { wayOf } from './ways.ts'
import { describeSpending } from './words.ts'

/** What a call has led to, for a person. */
export interface Outcome {
  /** As it stands in the code. */
  readonly call: string
  readonly words: string
  readonly items?: readonly Item[]
}

/** Does something with the access token, and tells whether it had to be refreshed for that. */
async function spend<T>(choice: Choice, work: () => Promise<T>): Promise<{ done: T; spending: string }> {
  const { client } = wayOf(choice)
  const before = client.snapshot?.expires_at
  const done = await work()
  // Only the server knows whether it had to.
  if (choice.tokens === 'server') await client.session()
  const { expires_at } = client.snapshot ?? {}
  return { done, spending: describeSpending(choice, { expires_at, refreshed: expires_at !== before }) }
}

/** Lists what the person has at the forge. */
export async function callApi(choice: Choice): Promise<Outcome> {
  const { path, noun, read } = facts[choice.forge]
  const { done, spending } = await spend(choice, () => wayOf(choice).client.fetch(path))
  if (!done.ok) throw new Error(`The API answered with status ${done.status}`)
  const items: Item[] = (await done.json()).map(read)
  return { call: `client.fetch('${path}')`, words: `${items.length} ${noun}. ${spending}`, items }
}

/** Asks for an access token that is good now. */
export async function refresh(choice: Choice): Promise<Outcome> {
  const { spending } = await spend(choice, async () => wayOf(choice).accessToken?.())
  return { call: 'client.accessToken()', words: spending }
}
