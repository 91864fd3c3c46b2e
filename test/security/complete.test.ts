// Tests are named by number: the project's own checklist and its hostile inputs, in list.ts.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CHECKLIST, type Entry, HOSTILE } from './list.ts'
import { numbersOf, testNames, testNamesBelow } from './test-names.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Where a browser's client is tested; a backend that holds to a number as well says nothing of it. */
const FOLDERS = ['client', 'protocol', 'session', 'security', 'e2e']

const prefixed = (prefix: string, list: Readonly<Record<string, Entry>>) =>
  Object.entries(list).map(([number, entry]) => [prefix + number, entry] as const)
const entries = new Map([...prefixed('security ', CHECKLIST), ...prefixed('H', HOSTILE)])

/** What the names of tests lack by the list, one sentence each; `has` tells whether a path is there. */
function gaps(names: readonly string[], has = (path: string) => existsSync(join(ROOT, path))): string[] {
  const tested = names.flatMap((name) => numbersOf(name).map((number) => [number, name] as const))
  const numbers = new Set(tested.map(([number]) => number))
  const isMissing = (number: string, entry: Entry) =>
    !numbers.has(number) && (typeof entry === 'string' || (!!entry.until && has(entry.until)))
  return [
    ...tested
      .filter(([number]) => typeof entries.get(number) !== 'string')
      .filter(([number]) => !Object(entries.get(number)).until)
      .map(([number, name]) => `"${name}" is about ${number}, which has no subject.`),
    ...names
      .filter((name) => /^(security|H) ?\d/.test(name) && numbersOf(name).length === 0)
      .map((name) => `"${name}" names its number in another way.`),
    ...[...entries]
      .filter(([number, entry]) => isMissing(number, entry))
      .map(([number]) => `No test is about ${number}.`),
  ]
}

const names = FOLDERS.flatMap((folder) => testNamesBelow(join(ROOT, 'test', folder)))

describe('the checklist', () => {
  it('has a sentence for each number, or why there is none', () => {
    const count = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`)
    expect(new Set(Object.keys(CHECKLIST))).toEqual(new Set([...count(1, 67), '16b', ...count(95, 100)]))
    expect(new Set(Object.keys(HOSTILE))).toEqual(new Set([...count(1, 47), '36b']))
    for (const entry of entries.values())
      expect(typeof entry === 'string' ? entry : entry.absent).toMatch(/^[A-Z].{20,}\.$/)
  })

  it('has a test for each number with a subject, and no test is about anything else', () => {
    expect(gaps(names)).toEqual([])
  })
})

describe('the check of the tests', () => {
  it.each(['security 33', 'security 16b', 'H36b'])('finds %s without a test', (number) => {
    const left = names.filter((name) => !numbersOf(name).includes(number))
    expect(gaps(left)).toEqual([`No test is about ${number}.`])
  })

  it('finds a subject that has come to be, and has no test', () => {
    const left = names.filter((name) => !numbersOf(name).includes('security 100'))
    expect(gaps(left, () => true)).toEqual(['No test is about security 100.'])
  })

  it('finds a test that is about no number of the list', () => {
    expect(gaps([...names, 'security 18: discovers'])).toEqual([
      '"security 18: discovers" is about security 18, which has no subject.',
    ])
    expect(gaps([...names, 'H99: is hostile'])).toEqual([
      '"H99: is hostile" is about H99, which has no subject.',
    ])
  })

  it.each(['security 7 is', 'security 7:x', 'H7 and H8: are', 'H 7: is'])(
    'finds a test named "%s"',
    (name) => {
      expect(gaps([...names, name])).toEqual([`"${name}" names its number in another way.`])
    },
  )

  it('reads lists of numbers', () => {
    expect(numbersOf('H10, security 12, 13: refuses')).toEqual(['H10', 'security 12', 'security 13'])
    expect(numbersOf('security 16b: two')).toEqual(['security 16b'])
    expect(numbersOf('takes security 7: seriously')).toEqual([])
  })

  it('reads the names of tests that run, and of no other', () => {
    const text = `
      describe('security 1: group', () => { it('one', () => {}) })
      it.each([1])('security 2: two', () => {})
      test(\`H3: \${three}\`, () => {})
      test.describe('H4: four', () => {})
      it.skip('H5: five', () => {})
      it.todo('H6: six')
      // it('H7: seven', () => {})
      say('H8: eight')`
    const found = testNames('some.test.ts', text)
    expect(found.flatMap(numbersOf)).toEqual(['security 1', 'security 2', 'H3', 'H4'])
  })
})
