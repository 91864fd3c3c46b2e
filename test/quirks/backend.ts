import { expect } from 'vitest'
import type { Forge } from '../../src/emulator/index.ts'
import { CASES, type Case, startForge } from '../bff/forges.ts'

/** The way a server sets one of the forges up, and what differs. */
export function caseOf(name: string, changes: Partial<Case> = {}): Case {
  const one = CASES[name]
  if (!one) throw new Error(`There is no case "${name}".`)
  return { ...one, ...changes }
}

/** A BFF in front of an emulated forge, a browser in front of the BFF, and the person. */
export const startAt = (name: string, changes: Partial<Case> = {}) => startForge(caseOf(name, changes))

export type Backend = ReturnType<typeof startForge>

/** Puts something between the BFF and its forge; the person still meets the forge itself. */
export function between(
  name: string,
  around: (request: Request, next: Forge['fetch']) => Promise<Response>,
): Partial<Case> {
  return {
    make: (registered) => {
      const forge = caseOf(name).make(registered)
      return { ...forge, fetch: (request) => around(request, forge.fetch) }
    },
  }
}

/** Gives an answer other members; `undefined` leaves one out. */
export async function rewrite(
  response: Response,
  members: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const { status, headers } = response
  return new Response(JSON.stringify({ ...(await response.json()), ...members }), { status, headers })
}

/** Expects the page for somebody who comes back as nobody who left: it says nothing of what is in the address. */
export async function expectStray({ browser, session, tokenRequests }: Backend, back: URL): Promise<void> {
  const asked = tokenRequests().length
  const response = await browser.visit(back.pathname + back.search, 'cross-site navigation')
  expect(response.status).toBe(400)
  expect(response.headers.getSetCookie()).toEqual([])
  expect(await response.text()).not.toMatch(/access_denied|denied|error=/)
  expect(tokenRequests()).toHaveLength(asked)
  expect(await session()).toBeUndefined()
}
