const fromHex = (hex: string) => {
  const code = Number.parseInt(hex, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '' }
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Reads the escapes of scripts and JSON. */
const asScript = (text: string) =>
  text.replace(
    /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi,
    (_, brace, unit, byte, other) => (other ? (LETTERS[other] ?? other) : fromHex(brace ?? unit ?? byte)),
  )

/** Reads the escapes of addresses. */
const asAddress = (text: string) =>
  text.replace(/(?:%[\da-f]{2})+/gi, (bytes) =>
    new TextDecoder().decode(Uint8Array.from(bytes.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))),
  )

const asForm = (text: string) => asAddress(text.replaceAll('+', ' '))

/** Reads the escapes of HTML. */
const asHtml = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));?/gi, (_, decimal, hex, name) =>
    name ? (ENTITIES[name.toLowerCase()] ?? '') : fromHex(hex ?? Number(decimal).toString(16)),
  )

/** How deep escapes may lie in each other: JSON in an address in HTML. */
const DEPTH = 3

/** Makes one text of all the ways to write the same: no escapes and, since those may be half of a pair, no backslashes. */
export function canonical(text: string): string {
  let [before, after] = ['', text]
  for (let depth = 0; depth < DEPTH && before !== after; depth++) {
    before = after
    after = asScript(asAddress(asHtml(before)))
  }
  return after.replaceAll('\\', '').replaceAll('+', ' ')
}

/** A text as one of those who may get it understands it. */
export interface Reading {
  readonly text: string
  readonly kind: 'plain' | 'escaped' | 'canonical'
}

/** Reads a text as it is, as each of its readers would, and with all kinds of escapes at once; those that make no difference are left out. */
export function* readings(text: string): Generator<Reading> {
  yield { text, kind: 'plain' }
  for (const read of [asScript, asAddress, asForm, asHtml]) {
    const escaped = read(text)
    if (escaped !== text) yield { text: escaped, kind: 'escaped' }
  }
  yield { text: canonical(text), kind: 'canonical' }
}
