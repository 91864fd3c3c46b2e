import { parseSync, Visitor } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Measured, measure } from '../../scripts/size.mjs'
import { SIZE_ENTRIES } from '../../scripts/size-entries.mjs'

/** What belongs on a server, or in tests, and would be dead weight or a danger in a page. */
const SERVER = /^node:|^src\/(bff|cli|emulator|guard|node|vite)\/|\bjose\b|__vite-browser-external/

describe.each(SIZE_ENTRIES)('$name', (entry) => {
  let size: Measured
  beforeAll(async () => {
    size = await measure(entry)
  })

  const { budget, ceiling = budget } = entry
  it(`takes at most ${ceiling} bytes`, () => expect(size.brotli).toBeLessThanOrEqual(ceiling))

  it('holds what it is for and no module of a server', () => {
    expect(size.modules.some((module) => /^src\/(client|flow|protocol\/openid)\b/.test(module))).toBe(true)
    expect(size.modules.filter((module) => SERVER.test(module))).toEqual([])
  })

  it('sends no client_secret', () => {
    expect(placesOfSecret(size.code)).toEqual([])
  })
})

describe('the search for a client_secret that is sent', () => {
  it.each([
    ['a field of a form', `body.set('client_secret', value)`],
    ['a pair of a form', `new URLSearchParams([['client_secret', value]])`],
    ['a key of an object', `send({ client_secret: value })`],
    ['a quoted key of an object', `send({ 'client_secret': value })`],
    ['a short key of an object', `send({ client_secret })`],
    ['an assignment', `body.client_secret = value`],
    ['an assignment by name', 'body[`client_secret`] = value'],
    ['a part of a text', `send('code=1&client_secret=' + value)`],
  ])('finds %s', (_, code) => expect(placesOfSecret(code)).not.toEqual([]))

  it.each([
    ['its refusal', `if ('client_secret' in options) throw new Error('client_secret_in_browser')`],
    [
      'its reading',
      `const { client_secret: secret } = options; if (secret ?? options.client_secret) throw 1`,
    ],
    ['its mention', `throw new Error('A client_secret never belongs in a browser: use the BFF.')`],
  ])('passes over %s', (_, code) => expect(placesOfSecret(code)).toEqual([]))
})

/** Lists where a program could be putting a `client_secret` into something it sends. */
function placesOfSecret(code: string): string[] {
  const found: string[] = []
  const asked = new Set<object>()
  const judge = (node: { start: number; end: number }, text: unknown) => {
    const sent = text === 'client_secret' || (typeof text === 'string' && text.includes('client_secret='))
    if (sent && !asked.has(node)) found.push(code.slice(node.start - 20, node.end + 20))
  }
  const nameOf = (key: object) => ('name' in key ? key.name : 'value' in key ? key.value : undefined)
  new Visitor({
    // Whether it is there may be asked; parents are visited before what they hold.
    BinaryExpression: ({ operator, left }) => {
      if (operator !== 'in') return
      asked.add(left)
      if (left.type === 'TemplateLiteral') for (const part of left.quasis) asked.add(part)
    },
    Literal: (node) => judge(node, node.value),
    TemplateElement: (node) => judge(node, node.value.cooked),
    ObjectExpression: (node) => {
      for (const part of node.properties) if (part.type === 'Property') judge(part, nameOf(part.key))
    },
    AssignmentExpression: ({ left }) => {
      if (left.type === 'MemberExpression') judge(left, nameOf(left.property))
    },
  }).visit(parseSync('entry.js', code).program)
  return found
}
