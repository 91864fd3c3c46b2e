import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { importsOf, type Sources, violations } from './layers.ts'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

function readSources(): Sources {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  return Object.fromEntries(
    files.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(SRC, path), 'utf8')]),
  )
}

describe('the house', () => {
  it('keeps its layers, has no import cycle and no file that is too long or says nothing', () => {
    const sources = readSources()
    expect(Object.keys(sources)).toContain('index.ts')
    expect(violations(sources)).toEqual([])
  })
})

describe('the check of the layers', () => {
  const house: Sources = {
    'provider/provider.ts': 'export const a = 1',
    'protocol/token.ts': `import { a } from '../provider/provider.ts'; export const b = a`,
    'emulator/index.ts': `export { a } from '../provider/provider.ts'`,
  }
  const broken = (more: Sources) => violations({ ...house, ...more })

  it('finds nothing in a house that is in order', () => expect(broken({})).toEqual([]))

  it.each([
    ['a plain import', `import { a } from '../emulator/index.ts'; a`],
    ['an import of a type', `import type { a } from '../emulator/index.ts'; let b: a`],
    ['an import for its effect', `import '../emulator/index.ts'`],
    ['a dynamic import', `export const b = () => import('../emulator/index.ts')`],
    ['a type of a dynamic import', `export type B = import('../emulator/index.ts').A`],
    ['a re-export', `export { a } from '../emulator/index.ts'`],
    ['a re-export of everything', `export * from '../emulator/index.ts'`],
  ])('finds %s across a wall', (_, text) => {
    expect(broken({ 'protocol/extra.ts': text })).toEqual([
      'protocol/extra.ts: may not import emulator/index.ts',
    ])
  })

  it('finds a package in the wrong place, and lets it be in the right one', () => {
    const text = `import * as fetchServer from '@remix-run/node-fetch-server'; fetchServer`
    expect(broken({ 'node/extra.ts': text })).toEqual([])
    expect(broken({ 'provider/extra.ts': text })).toEqual([
      'provider/extra.ts: may not import the package @remix-run/node-fetch-server',
    ])
    expect(broken({ 'protocol/extra.ts': `import 'oauth4webapi'` })).toHaveLength(1)
    expect(broken({ 'protocol/extra.ts': `import 'left-pad'` })).toHaveLength(1)
    expect(broken({ 'emulator/extra.ts': `import 'node:fs'` })).toHaveLength(1)
    expect(broken({ 'client/transactions.ts': `import 'idb-keyval'` })).toHaveLength(1)
  })

  it('finds what lies beside the one file of a folder that may be imported', () => {
    const client = { 'client/diagnose.ts': '', 'client/client.ts': '' }
    expect(broken({ ...client, 'cli/extra.ts': `import '../client/diagnose.ts'` })).toEqual([])
    expect(broken({ ...client, 'cli/extra.ts': `import '../client/client.ts'` })).toEqual([
      'cli/extra.ts: may not import client/client.ts',
    ])
  })

  it('finds an import whose path is computed, and one that leads nowhere', () => {
    expect(broken({ 'protocol/extra.ts': 'export const b = (name: string) => import(name)' })).toHaveLength(1)
    expect(broken({ 'protocol/extra.ts': `import '../provider/gone.ts'` })).toHaveLength(1)
  })

  it('finds a cycle between files, also one of types alone', () => {
    const one = { 'provider/one.ts': `import type { Two } from './two.ts'; export type One = Two` }
    const two = { 'provider/two.ts': `import type { One } from './one.ts'; export type Two = One[]` }
    expect(broken({ ...one, ...two })).toEqual(['cycle: provider/one.ts → provider/two.ts → provider/one.ts'])
    expect(broken({ 'provider/self.ts': `import './self.ts'` })).toHaveLength(1)
  })

  it('finds a name that says nothing, a file that is too long and a folder without a row', () => {
    expect(broken({ 'provider/utils.ts': '' })).toEqual(['provider/utils.ts: a name that says nothing'])
    expect(broken({ 'provider/long.ts': '//\n'.repeat(200) })).toEqual([])
    expect(broken({ 'provider/long.ts': '//\n'.repeat(201) })).toEqual([
      'provider/long.ts: 201 lines, more than 200',
    ])
    expect(broken({ 'attic/box.ts': '' })).toEqual(['attic/box.ts: attic has no row in the table of layers'])
  })

  it('refuses a file that it cannot read', () => {
    expect(() => importsOf('provider/bad.ts', 'export const =')).toThrow('provider/bad.ts')
  })
})
