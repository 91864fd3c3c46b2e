import { COLUMNS, type Column, cellOf, ROWS, type Row } from '../../forges/table.ts'
import { EMULATED } from './columns.ts'
import { expect, test } from './fixtures.ts'
import { SCENARIOS } from './scenarios/scenarios.ts'

const columns = Object.keys(COLUMNS) as Column[]
const rows = Object.keys(ROWS) as Row[]

test('every row has its scenario, and every scenario its row', () => {
  expect(Object.keys(SCENARIOS).sort()).toEqual([...rows].sort())
})

for (const column of columns) {
  test(`${column} · an emulated one fills the same cells`, () => {
    const provider = EMULATED[column].provider({ base: 'http://127.0.0.1:1/forge' })
    for (const row of rows) expect(ROWS[row](provider), row).toBe(cellOf(row, column))
  })

  for (const row of rows) {
    const cell = cellOf(row, column)
    const scenario = SCENARIOS[row]
    if (cell && scenario)
      test(`${column} · ${row}`, async ({ page, context, openAt }) => {
        await scenario({ page, context, column, cell, open: (choices) => openAt(column, choices) })
      })
  }
}
