import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import type { Cell, Column } from '../../forges/table.ts'
import { type Choices, openPlace, type Place } from './place.ts'
import { type Servers, startServers } from './servers.ts'

export { expect }

/** Whom a scenario is about. */
export interface Cast {
  readonly column: Column
  readonly cell: Cell
  readonly page: Page
  readonly context: BrowserContext
  /** Sets up the place of the column. */
  readonly open: (choices: Choices) => Place
}

/** What happens in a cell of the table. */
export type Scenario = (cast: Cast) => Promise<void>

interface Fixtures {
  readonly openAt: (column: Column, choices: Choices) => Place
  readonly problems: readonly string[]
}

/** `test` with one pair of servers for all tests of a worker; fails when a page leaves an error to nobody. */
export const test = base.extend<Fixtures, { servers: Servers }>({
  servers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
    async ({}, use) => {
      const servers = await startServers()
      await use(servers)
      await servers.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  openAt: async ({ servers }, use) => use((column, choices) => openPlace(servers, column, choices)),
  problems: [
    async ({ context }, use) => {
      const problems: string[] = []
      context.on('weberror', (error) => problems.push(`${error.error()}`))
      // A policy that is broken is told there alone; a refusal is an answer like any other.
      context.on('console', (message) => {
        if (message.type() === 'error' && !/responded with a status/.test(message.text()))
          problems.push(message.text())
      })
      await use(problems)
      expect(problems, 'errors that no page caught').toEqual([])
    },
    { auto: true },
  ],
})
