import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'vite'

const RUNNERS = /^(it|test|describe)$/

/** Whether a callee runs what it is given: `it`, `test`, `describe`, `test.describe`, or one of them with `.each(...)`. */
function isRunner(node: unknown): boolean {
  const { type, name, object, property, callee } = Object(node)
  if (type === 'Identifier') return RUNNERS.test(name)
  if (type === 'CallExpression') return callee.property?.name === 'each' && isRunner(callee.object)
  return type === 'MemberExpression' && object.name === 'test' && property.name === 'describe'
}

/** The text of a name as it is written; what is put in when it runs is a star. */
function textOf(node: unknown): string {
  const { type, value, quasis = [] } = Object(node)
  const parts: { value: { raw: string } }[] = quasis
  return type === 'Literal' ? `${value}` : parts.map(({ value: { raw } }) => raw).join('*')
}

/** The names of the tests of a file, and of the groups they are in; of those that run alone. */
export function testNames(path: string, text: string): string[] {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const names: string[] = []
  new Visitor({
    CallExpression({ callee, arguments: [name] }) {
      if (isRunner(callee)) names.push(textOf(name))
    },
  }).visit(program)
  return names
}

/** The names of all tests below a folder. */
export const testNamesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(test|spec)\.ts$/.test(name))
    .map((name) => join(folder, name))
    .flatMap((path) => testNames(path, readFileSync(path, 'utf8')))

/** The numbers that a name begins with: `H10, security 12, 13: ...` is about `H10`, `security 12` and `security 13`. */
export function numbersOf(name: string): string[] {
  const [, list = ''] = /^((?:(?:security |H|)\d+b?(?:, |(?=:)))+): \S/.exec(name) ?? []
  return list
    .split(', ')
    .filter(Boolean)
    .map((number) => number.replace(/^(?=\d)/, 'security '))
}
