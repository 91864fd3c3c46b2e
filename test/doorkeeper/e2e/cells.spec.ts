import { type Column, cellOf, ROWS, type Row } from '../../forges/table.ts'
import { bffCells } from './bff-cells.ts'
import { type Arguments, test } from './fixtures.ts'
import { pageCells } from './page-cells.ts'

/** What a row promises, held against Doorkeeper itself. */
type Scenario = (all: Arguments) => Promise<void>

const SCENARIOS: Readonly<Partial<Record<Row, Scenario>>> = { ...pageCells, ...bffCells }

/** Finds the test of a filled cell, which no cell may be without. */
function scenarioOf(row: Row): Scenario {
  const scenario = SCENARIOS[row]
  if (!scenario) throw new Error(`Nothing here tests the row "${row}".`)
  return scenario
}

const columns = [
  ['GitLab', 'current'],
  ['GitLab, documented', 'documented'],
] as const satisfies readonly (readonly [Column, string])[]

for (const [column, profile] of columns)
  test.describe(() => {
    test.use({ profile })
    for (const row of Object.keys(ROWS) as Row[])
      if (cellOf(row, column)) {
        const scenario = scenarioOf(row)
        test(`${column} · ${row}`, async ({ page, context, origin, doorkeeper, wire, usePage, useBackend }) =>
          scenario({ page, context, origin, profile, doorkeeper, wire, usePage, useBackend }))
      }
  })
