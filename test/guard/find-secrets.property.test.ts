import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findSecrets } from '../../src/guard/index.ts'

const secret = fc.oneof(
  fc.string({ minLength: 8, maxLength: 60 }),
  fc.string({ minLength: 8, maxLength: 12, unit: fc.constantFrom(...'%2054eEab&#x;\\u+/"= ') }),
  fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme' }),
  fc.base64String({ minLength: 8, maxLength: 60 }),
)
const around = fc.string({ maxLength: 20, unit: fc.constantFrom(...'%2054eEab&#x;\\u+/"= ') })

/** Everything that a program may do to a text with a secret in it before it writes it down. */
const writers: Record<string, (text: string) => string> = {
  plain: (text) => text,
  JSON: (text) => JSON.stringify(text),
  address: (text) => encodeURIComponent(text),
  'whole address': (text) => encodeURI(text),
  HTML: (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  form: (text) => new URLSearchParams([['a', text]]).toString(),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 in an address': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'JSON in base64 in a data address': (text) =>
    `data:application/json;base64,${Buffer.from(JSON.stringify({ text })).toString('base64')}`,
}

test.each(Object.entries(writers))('any secret in any text is found: %s', (_, write) => {
  fc.assert(
    fc.property(secret, around, around, (value, before, after) => {
      expect(findSecrets([['a.js', write(before + value + after)]], { value })).toHaveLength(1)
    }),
    { numRuns: 1000 },
  )
})

test('nothing is found where nothing of the secret is', () => {
  const other = fc.string({ unit: fc.constantFrom(...'abcdefghijkl "=:;,(){}\\n%&+/'), maxLength: 300 })
  fc.assert(
    fc.property(other, (text) => {
      expect(findSecrets([['a.js', text]], { value: 'MNOP-7890-secret' })).toEqual([])
    }),
  )
})
