// @ts-check
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

/** @typedef {typeof import('../test/forges/table.ts')} Table */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MARKS = { yes: '✓', 'with CORS': '✓ᶜ' }
const BETWEEN = /(?<=<!-- forges -->\n)[\s\S]*?(?=<!-- \/forges -->)/

const LEGEND =
  '✓ᶜ where its admin lets pages of other origins read it (CORS). *documented* is the forge as its first OAuth page has it,\n' +
  "`profile: 'documented'`. *token in the address* only by name: `token_in: 'query'`.\n"

/** What forgepass does at each forge, as Markdown, from the data of the providers alone.
 * @returns {Promise<string>} */
export async function forgeTable() {
  const path = join(ROOT, 'test/forges/table.ts')
  const { module } = await runnerImport(path, { configFile: false, root: ROOT, logLevel: 'error' })
  return render(/** @type {Table} */ (module))
}

/** Writes the table; a heading of two parts stands in two lines, so that nine columns fit on a page.
 * @param {Pick<Table, 'COLUMNS' | 'ROWS' | 'cellOf'>} table */
export function render({ COLUMNS, ROWS, cellOf }) {
  const columns = /** @type {import('../test/forges/table.ts').Column[]} */ (Object.keys(COLUMNS))
  const rows = /** @type {import('../test/forges/table.ts').Row[]} */ (Object.keys(ROWS))
  const headings = columns.map((name) => name.replace(/, (.*)/, '<br>*$1*'))
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |\n`
  const body = rows.map((row) => {
    const marks = columns.map((column) => cellOf(row, column)).map((cell) => (cell ? MARKS[cell] : ''))
    return line([row, ...marks])
  })
  return `\n${line(['', ...headings])}|---|${':-:|'.repeat(columns.length)}\n${body.join('')}\n${LEGEND}\n`
}

/** Puts the table in its place in a page; throws where the page has none.
 * @param {string} page @param {string} table */
export function insertTable(page, table) {
  if (!BETWEEN.test(page))
    throw new Error('There is no place for the table: <!-- forges --> … <!-- /forges -->')
  return page.replace(BETWEEN, () => table)
}

/** The table that a page has.
 * @param {string} page */
export const readTable = (page) => BETWEEN.exec(page)?.[0]

/** @param {string[]} args */
async function main(args) {
  const table = await forgeTable()
  if (!args.includes('--write')) return console.log(table.trim())
  const readme = join(ROOT, 'README.md')
  writeFileSync(readme, insertTable(readFileSync(readme, 'utf8'), table))
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2))
}
