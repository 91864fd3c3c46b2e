import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Actor, createActor } from './actor.ts'
import { authorizationCases } from './cases/authorization.ts'
import type { Case } from './cases/case.ts'
import { clientCases } from './cases/client-authentication.ts'
import { corsCases } from './cases/cors.ts'
import { exchangeCases } from './cases/exchange.ts'
import { refreshCases } from './cases/refresh.ts'
import { resourceCases } from './cases/resources.ts'
import { revocationCases } from './cases/revocation.ts'
import { DIFFERENCES } from './differences.ts'
import { type Observation, observe } from './observation.ts'
import { type Side, startEmulator, startEngine } from './side.ts'

const CASES: readonly Case[] = [
  ...exchangeCases,
  ...clientCases,
  ...refreshCases,
  ...authorizationCases,
  ...revocationCases,
  ...resourceCases,
  ...corsCases,
]

let sides: Side[] = []
let actors: Actor[] = []
beforeAll(async () => {
  sides = [startEmulator(), await startEngine()]
  actors = await Promise.all(sides.map(createActor))
})
afterAll(() => Promise.all(sides.map((side) => side.stop())))

/** Does a case on one of the servers; gives what it answered. */
async function run({ plan, signedIn }: Case, index: number): Promise<Observation> {
  const [side, actor] = [sides[index], actors[index]]
  if (!side || !actor) throw new Error('No such server.')
  const request = await plan(actor)
  return observe(await (signedIn ? actor.ada : side).send(request), side.base)
}

const used = new Set<string>()

/** Changes Doorkeeper's answer into what GitLab would say. */
const asGitLab = (
  name: string,
  { real, emulated }: { real: Observation; emulated: Observation },
): Observation =>
  DIFFERENCES.reduce((before, { what, change }) => {
    const changed = change(before, { name, emulated })
    if (changed !== before) used.add(what)
    return changed
  }, real)

test.each(CASES.map((one) => [one.name, one] as const))('%s', async (name, one) => {
  const [emulated, real] = [await run(one, 0), await run(one, 1)]
  expect(emulated).toEqual(asGitLab(name, { real, emulated }))
})

test.each(DIFFERENCES)('is still there: $what', ({ what }) => {
  expect(used).toContain(what)
})
