import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { forgeTable, insertTable, readTable, render } from '../../scripts/forge-table.mjs'
import * as table from '../forges/table.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The cells of a line. */
const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

const lines = render(table)
  .split('\n')
  .filter((line) => line.startsWith('|'))

describe('the table of the forges', () => {
  it('is in the README as the data of the providers has it', async () => {
    expect(readTable(readme)).toBe(await forgeTable())
  })

  it('has a column for each forge, a line for each row, and a mark in each cell that is filled', () => {
    const [head, rule, ...body] = lines.map(cells)
    expect(head).toHaveLength(Object.keys(table.COLUMNS).length + 1)
    expect(rule).toHaveLength(Object.keys(table.COLUMNS).length + 1)
    const rows = Object.keys(table.ROWS) as table.Row[]
    expect(body.map(([name]) => name)).toEqual(rows)
    const columns = Object.keys(table.COLUMNS) as table.Column[]
    const marks = { yes: '✓', 'with CORS': '✓ᶜ', empty: '' }
    for (const [index, row] of rows.entries())
      expect(body[index]?.slice(1)).toEqual(
        columns.map((column) => marks[table.cellOf(row, column) ?? 'empty']),
      )
  })

  it('fills a cell of every column and of every row', () => {
    const body = lines.slice(2).map(cells)
    for (const [name, ...row] of body) expect(row.some(Boolean), name).toBe(true)
    for (const index of Object.keys(table.COLUMNS).keys())
      expect(body.filter((row) => row[index + 1]).length).toBeGreaterThan(2)
  })

  it('lets a page do only what it can read the answers of', () => {
    expect(table.cellOf('page: code with PKCE', 'GitLab')).toBe('yes')
    expect(table.cellOf('page: code with PKCE', 'Forgejo')).toBe('with CORS')
    expect(table.cellOf('page: code with PKCE', 'GitHub')).toBeUndefined()
    const { cors: _, ...untold } = table.COLUMNS.GitLab
    expect(table.ROWS['page: code with PKCE'](untold)).toBeUndefined()
    expect(
      table.ROWS['page: renewal']({ ...untold, cors: { token: 'never', api: 'always' } }),
    ).toBeUndefined()
    expect(table.ROWS['page: personal token']({ ...untold, cors: { api: 'configured' } })).toBe('with CORS')
  })
})

describe('the place of the table', () => {
  it('is between two comments, and nothing else is touched', () => {
    const page = 'before\n<!-- forges -->\nold\n<!-- /forges -->\nafter\n'
    const changed = insertTable(page, "| $& $' |\n")
    expect(changed).toBe("before\n<!-- forges -->\n| $& $' |\n<!-- /forges -->\nafter\n")
    expect(readTable(changed)).toBe("| $& $' |\n")
    expect(insertTable('<!-- forges -->\n<!-- /forges -->', 'x\n')).toBe(
      '<!-- forges -->\nx\n<!-- /forges -->',
    )
  })

  it('has to be there', () => {
    expect(() => insertTable('no comments', 'x')).toThrow('There is no place for the table')
    expect(readTable('no comments')).toBeUndefined()
  })
})
