import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measure, table } from '../../scripts/size.mjs'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'forgepass-size-'))
  mkdirSync(join(root, 'src/provider'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{ "sideEffects": false }')
  writeFileSync(
    join(root, 'src/index.ts'),
    `export { used } from './used.ts'\nexport { unused } from './unused.ts'`,
  )
  writeFileSync(join(root, 'src/used.ts'), `export const used: string = 'u'.repeat(3)`)
  writeFileSync(join(root, 'src/unused.ts'), `export const unused = () => import('./lazy.ts')`)
  writeFileSync(join(root, 'src/lazy.ts'), `export const lazy = 'lazy'`)
  writeFileSync(join(root, 'src/provider/index.ts'), `export const gitlab = 'gitlab'`)
})
afterAll(() => rmSync(root, { recursive: true }))

describe('measure', () => {
  it('holds what an entry uses and nothing else', async () => {
    const source = `import { used } from 'forgepass'; import { gitlab } from 'forgepass/providers'; window.x = used + gitlab`
    const size = await measure({ name: 'a', budget: 1_000, source }, root)
    expect(size.modules).toEqual(['src/provider/index.ts', 'src/used.ts'])
    expect(size.left).toBe(1_000 - size.brotli)
    expect(size.min).toBe(Buffer.byteLength(size.code))
    expect(await measure({ name: 'a', budget: 1_000, source }, root)).toEqual(size)
  })

  it('weighs also what is loaded on demand', async () => {
    const source = `import { unused } from 'forgepass'; window.x = unused`
    expect((await measure({ name: 'a', budget: 1, source }, root)).modules).toContain('src/lazy.ts')
  })
})

describe('table', () => {
  it('aligns its columns', () => {
    const size = {
      name: 'createClient',
      min: 12_345,
      gzip: 5_000,
      brotli: 4_321,
      budget: 4_500,
      ceiling: 4_500,
      left: 179,
      modules: [],
    }
    expect(table([size]).split('\n')).toEqual([
      'entry            min   gzip  brotli  budget  left',
      'createClient  12,345  5,000   4,321   4,500   179',
    ])
  })
})
