import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { measure } from '../../scripts/size.mjs'
import { SIZE_ENTRIES } from '../../scripts/size-entries.mjs'
import { execute } from './staged.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const lines = readme.split('\n')

/** The TypeScript of the page, each fenced block with the number of its first line. */
const blocks = [...readme.matchAll(/^```(?:ts|js)\n([\s\S]*?)^```$/gm)].map((match) => ({
  line: readme.slice(0, match.index).split('\n').length,
  code: match[1] ?? '',
}))

describe('README.md', () => {
  it('shows code by line 12, at most 10 lines of it', () => {
    expect(blocks[0]?.line).toBeLessThanOrEqual(12)
    expect(blocks[0]?.code.trimEnd().split('\n').length).toBeLessThanOrEqual(10)
  })

  it('shows code that compiles', () => {
    mkdirSync(join(ROOT, '.cache'), { recursive: true })
    const folder = mkdtempSync(join(ROOT, '.cache/readme-'))
    for (const { line, code } of blocks)
      writeFileSync(join(folder, `line-${line}.ts`), `${code}\nexport {}\n`)
    const chrome = "import('../../test/e2e/extension/app/chrome.ts').Chrome"
    writeFileSync(join(folder, 'chrome.d.ts'), `declare const chrome: ${chrome}\n`)
    // The package by its name is its source here; an example may leave a name unused for the reader to use.
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false, types: ['node'] }
    const config = { extends: '../../tsconfig.json', compilerOptions, include: ['.'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    try {
      const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
      execute(process.execPath, [compiler, '--project', folder], ROOT)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each(SIZE_ENTRIES)('tells the size of $name as it is', async (entry) => {
    const row = lines.map(cells).find(([name]) => name === entry.name)
    const { brotli } = await measure(entry)
    expect(row).toContain(`${(Math.ceil(brotli / 100) / 10).toFixed(1)} KB`)
  })
})

/** Reads a row of a table without its marks of code. */
function cells(line: string): string[] {
  const row = line.replaceAll('`', '').split('|').slice(1, -1)
  return row.map((cell) => cell.trim())
}
