import { describe, expect, it } from 'vitest'
import { bffWith, buildGuarded, type Files } from './guarded.ts'

const SECRET = 'gk-5ecret-of-the-app'
const guarded = (files: Files, vite = {}) => buildGuarded(files, { bff: bffWith(SECRET), vite })

/** Takes the hash out of names. */
const steady = (text: string) => text.replace(/-[\w-]{8}(?=\.\w+)/g, '-HASH')

const leak = { 'src/main.ts': `const key = '${SECRET}'; console.log(key, key)` }

describe('a build is well', () => {
  it('without a secret in it', async () => {
    const { error, warnings, written } = await guarded({
      'src/main.ts': 'console.log(1)',
      'public/a.txt': 'a',
    })
    expect([error, warnings]).toEqual(['', []])
    expect(written.map(steady)).toEqual(['a.txt', 'assets', 'assets/index-HASH.js', 'index.html'])
  })

  it('for a server, whose output may hold secrets', async () => {
    const { error, written } = await guarded(leak, { build: { ssr: 'src/main.ts' } })
    expect([error, written]).toEqual(['', ['main.mjs']])
  })

  it('if the output of a server lies in that of the page, but not if anything else of that kind does', async () => {
    const vite = {
      build: { emptyOutDir: false },
      environments: { ssr: { build: { outDir: 'dist/server' } } },
    }
    expect((await guarded({ 'dist/server/index.js': SECRET }, vite)).error).toBe('')
    expect((await guarded({ 'dist/old.js': SECRET }, vite)).error).toContain('forgepass: old.js contains')
  })
})
