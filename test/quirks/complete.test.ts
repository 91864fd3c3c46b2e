// The tests of this folder are named by number: the project's own list of how the forges differ from the specifications, in list.ts.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'vite'
import { describe, expect, it } from 'vitest'
import { QUIRKS } from './list.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const OWN = 'complete.test.ts'

/** The names of the tests in a file that run: the first argument of `it` and of `it.each(...)`. */
function testNames(path: string, text: string): string[] {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const names: string[] = []
  const isEach = (node: unknown): boolean => {
    const { type, callee } = Object(node)
    return type === 'CallExpression' && callee.object?.name === 'it' && callee.property?.name === 'each'
  }
  new Visitor({
    CallExpression({ callee, arguments: [name] }) {
      const isTest = (callee.type === 'Identifier' && callee.name === 'it') || isEach(callee)
      if (isTest) names.push(name?.type === 'Literal' ? `${name.value}` : '')
    },
  }).visit(program)
  return names
}

/** What the names of tests lack by the list, one sentence each. */
function gaps(names: readonly string[]): string[] {
  const numbers = names.map((name) => Number(/^Q(\d+): [^ ]/.exec(name)?.[1]))
  const hasSubject = (number: number) => 'says' in (QUIRKS[number] ?? {})
  return [
    ...names.filter((_, at) => !hasSubject(numbers[at] ?? 0)).map((name) => `"${name}" names no quirk.`),
    ...Object.keys(QUIRKS)
      .filter((number) => hasSubject(Number(number)) && !numbers.includes(Number(number)))
      .map((number) => `No test is about Q${number}.`),
  ]
}

const files = readdirSync(HERE).filter((name) => name.endsWith('.test.ts') && name !== OWN)
const names = files.flatMap((name) => testNames(name, readFileSync(join(HERE, name), 'utf8')))

describe('the list of quirks', () => {
  it('has a number for each from 1 to 36, and says where or why not', () => {
    expect(Object.keys(QUIRKS).map(Number)).toEqual(Array.from({ length: 36 }, (_, index) => index + 1))
    for (const quirk of Object.values(QUIRKS)) {
      const [text, count] = 'says' in quirk ? [quirk.says, quirk.forges.length] : [quirk.absent, 1]
      expect(text).toMatch(/^[A-Z].{20,}\.$/)
      expect(count).toBeGreaterThan(0)
    }
  })

  it('has a test for each that has a subject, and no test is about anything else', () => {
    expect(gaps(names)).toEqual([])
  })
})

describe('the check of the tests', () => {
  it('finds a quirk without a test', () => {
    const left = names.filter((name) => !name.startsWith('Q17: '))
    expect(gaps(left)).toEqual(['No test is about Q17.'])
  })

  it.each(['says what it likes', 'Q99: is no number of the list', 'Q30: has no subject', 'Q7:no space'])(
    'finds a test that %s',
    (name) => expect(gaps([...names, name])).toEqual([`"${name}" names no quirk.`]),
  )

  it('reads the names of tests that run, and of no other', () => {
    const text = `
      it('Q1: one', () => {})
      it.each([1])('Q2: two', () => {})
      it.skip('Q3: three', () => {})
      it.todo('Q4: four')
      // it('Q5: five', () => {})
      say('Q6: six')`
    expect(testNames('some.test.ts', text)).toEqual(['Q1: one', 'Q2: two'])
  })
})
