import { describe, expect, it, test } from 'vitest'
import { findSecrets } from '../../src/guard/index.ts'

/** Each character of it that can be spelled differently is: in addresses, in scripts and in HTML. */
const SECRET = 'gk-5/ecr+t "key"?&<é>=\\~😀'
const secrets = { 'providers.gitkraken.client_secret': SECRET }

const base64 = (text: string) => Buffer.from(text).toString('base64')
const base64url = (text: string) => Buffer.from(text).toString('base64url')
const formEncoded = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length)
const lowerHex = (text: string) => text.replace(/%../g, (hex) => hex.toLowerCase())
const units = (text: string) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
const escaped = (text: string, write: (unit: number) => string) => units(text).map(write).join('')
const hex = (unit: number, width: number) => unit.toString(16).padStart(width, '0')
const inHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const sourceMap = (source: string) =>
  JSON.stringify({ version: 3, sources: ['a.ts'], sourcesContent: [source] })

const find = (text: string) => findSecrets([['assets/index.js', text]], secrets)

describe('a secret is found', () => {
  const codeUnits = units(SECRET)
  test.each([
    ['as it is', SECRET, 'plain'],
    ['encoded for an address', encodeURIComponent(SECRET), 'escaped'],
    ['encoded for an address, in lower-case hex', lowerHex(encodeURIComponent(SECRET)), 'escaped'],
    ['encoded for a form', formEncoded(SECRET), 'escaped'],
    ['encoded for a form, in lower-case hex', lowerHex(formEncoded(SECRET)), 'escaped'],
    ['encoded twice', encodeURIComponent(encodeURIComponent(SECRET)), 'escaped'],
    [
      'with every byte encoded',
      [...Buffer.from(SECRET)].map((byte) => `%${hex(byte, 2)}`).join(''),
      'escaped',
    ],
    ['in JSON', JSON.stringify(SECRET), 'escaped'],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(SECRET)), 'escaped'],
    ['in JSON in the hash of an address', encodeURIComponent(JSON.stringify(SECRET)), 'escaped'],
    ['as \\u0041', escaped(SECRET, (unit) => `\\u${hex(unit, 4)}`), 'escaped'],
    [
      'as \\U0041 with capital digits',
      escaped(SECRET, (unit) => `\\u${hex(unit, 4).toUpperCase()}`),
      'escaped',
    ],
    ['as \\u{41}', [...SECRET].map((it) => `\\u{${it.codePointAt(0)?.toString(16)}}`).join(''), 'escaped'],
    [
      'as \\x41',
      escaped(SECRET, (unit) => (unit < 256 ? `\\x${hex(unit, 2)}` : `\\u${hex(unit, 4)}`)),
      'escaped',
    ],
    ['as \\u0041 in a source map', sourceMap(codeUnits.map((it) => `\\u${hex(it, 4)}`).join('')), 'escaped'],
    ['in HTML', inHtml(SECRET), 'escaped'],
    ['as &#65;', [...SECRET].map((it) => `&#${it.codePointAt(0)};`).join(''), 'escaped'],
    ['as &#x41;', [...SECRET].map((it) => `&#x${it.codePointAt(0)?.toString(16)};`).join(''), 'escaped'],
    ['in a source map', sourceMap(`const key = ${JSON.stringify(SECRET)}`), 'escaped'],
  ])('%s', (_, text, spelling) => {
    expect(find(`x("${text}")`)).toEqual([
      { file: 'assets/index.js', secret: 'providers.gitkraken.client_secret', spelling },
    ])
  })

  describe.each([
    ['as it is', SECRET],
    ['encoded for an address', encodeURIComponent(SECRET)],
    ['encoded for a form', formEncoded(SECRET)],
    ['of ASCII alone', 'ASCII-secret-0123'],
  ])('in base64, %s', (_, text) => {
    const value = text.startsWith('ASCII') ? text : SECRET
    const spelling = (content: string) =>
      findSecrets([['a.js', content]], { value }).map((finding) => finding.spelling)
    it.each(['', 'i', 'id', 'id:', 'ids:', 'a-client-id:'])('after "%s"', (before) => {
      for (const after of ['', '!', '!!', '!!!']) {
        const encoded = base64(before + text + after)
        expect(spelling(`"Basic ${encoded}"`)).toEqual(['base64'])
        expect(spelling(`"${encoded.replace(/=+$/, '')}"`)).toEqual(['base64'])
        expect(spelling(`"${base64url(before + text + after)}"`)).toEqual(['base64'])
        expect(spelling(`?basic=${encodeURIComponent(encoded)}`)).toEqual(['base64'])
        expect(spelling(`?basic=${encodeURIComponent(encodeURIComponent(encoded))}`)).toEqual(['base64'])
        expect(spelling(encoded.replaceAll('/', '\\/').replaceAll('+', '\\u002b'))).toEqual(['base64'])
      }
    })
  })

  // Both special characters of base64 come before the secret, so that none may be lost.
  const basic = `/*?>?>?>*/ h = 'Basic ${base64(`id:${SECRET}`)}'`
  test.each([
    ['in an inline source map', sourceMap(`const key = ${JSON.stringify(SECRET)}`)],
    ['in base64 in an inline source map', sourceMap(basic)],
    [
      'in base64 in an inline worker in an inline source map',
      sourceMap(`new Worker('data:text/javascript;base64,${base64(basic)}')`),
    ],
  ])('%s', (_, map) => {
    const urls = ['', ';charset=utf-8'].map((type) => `data:application/json${type};base64,${base64(map)}`)
    for (const url of urls) {
      expect(find(`x()\n//# sourceMappingURL=${url}`)).toHaveLength(1)
      expect(find(`"${url.replaceAll('/', '\\/')}"`)).toHaveLength(1)
      expect(
        find(`<a href="${encodeURIComponent(url).replaceAll('%3B', ';').replaceAll('%2C', ',')}">`),
      ).toHaveLength(1)
    }
  })

  it('in bytes, also across the windows in which they are read', () => {
    const window = 64 * 1024 * 1024
    const bytes = new Uint8Array(window + 1000)
    expect(findSecrets([['a.bin', bytes]], secrets)).toEqual([])
    bytes.set(Buffer.from(SECRET), window - 5)
    expect(findSecrets([['a.bin', bytes]], secrets)).toHaveLength(1)
  })

  it('in the name of a file', () => {
    expect(findSecrets([[`${encodeURIComponent(SECRET)}.txt`, '']], secrets)).toHaveLength(1)
  })
})

describe('the findings', () => {
  it('are one for each file and secret, in order', () => {
    const files = { 'a.js': 'one-secret two-secret one-secret', 'b.css': 'two-secret', 'c.html': 'none' }
    const found = findSecrets(Object.entries(files), { first: 'one-secret', second: 'two-secret' })
    expect(found).toEqual([
      { file: 'a.js', secret: 'first', spelling: 'plain' },
      { file: 'a.js', secret: 'second', spelling: 'plain' },
      { file: 'b.css', secret: 'second', spelling: 'plain' },
    ])
  })

  it('are two where two names have the same value', () => {
    const twice = { first: 'same-secret', second: 'same-secret' }
    expect(findSecrets([['a.js', 'same-secret']], twice).map(({ secret }) => secret)).toEqual([
      'first',
      'second',
    ])
  })

  it.each([
    ['nothing', ''],
    ['a part of it', SECRET.slice(0, -4)],
    ['its characters in another order', [...SECRET].reverse().join('')],
    ['base64 of a part of it', base64(`id:${SECRET.slice(0, -5)}`)],
    ['escapes that mean nothing', '\\u{110000} &#9999999; &#x110000; %zz %ff %c3%28 \\u12 data:;base64,A'],
  ])('are none for %s', (_, text) => expect(find(text)).toEqual([]))
})

describe('a secret of few characters', () => {
  it('is refused by name', () => {
    const search = () => findSecrets([], { 'providers.gitea.client_secret': '1234567' })
    expect(search).toThrow(RangeError)
    expect(search).toThrow('The secret "providers.gitea.client_secret" is too short to be looked for')
    expect(search).not.toThrow('1234567')
  })

  it('is looked for from eight on', () => {
    expect(findSecrets([['a.js', 'x12345678x']], { key: '12345678' })).toHaveLength(1)
  })
})
