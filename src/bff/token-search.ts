/** How a letter may be written beside itself: percent-encoded, also more than once, or as JSON and HTML escape it; deepest first. */
const WRITINGS: Readonly<Record<string, readonly { form: RegExp; read: (found: string) => string }[]>> = {
  '%': [3, 2, 1, 0].map((depth) => ({
    form: new RegExp(`%(?:25){${depth}}([\\da-f]{2})`, 'y'),
    read: fromCode(16),
  })),
  '\\': [
    { form: /\\{1,4}u00([\da-f]{2})/y, read: fromCode(16) },
    { form: /\\{1,7}([^\\])/y, read: (letter) => letter },
  ],
  '&': [
    { form: /&#x0{0,4}([\da-f]{2});/y, read: fromCode(16) },
    { form: /&#0{0,4}(\d{2,3});/y, read: fromCode(10) },
  ],
}

function fromCode(radix: number) {
  return (digits: string) => String.fromCharCode(Number.parseInt(digits, radix)).toLowerCase()
}

/** A writing that the end of a text cuts. */
const CUT = /(?:%(?:25){0,3}[\da-f]?|\\{1,7}(?:u0{0,2}[\da-f]?)?|&(?:#(?:x0{0,4}[\da-f]{0,2}|\d{0,7}))?)$/

/** What finds a token: its letters, in what it begins, and how much of it each of its beginnings ends in. */
export interface TokenSearch {
  readonly token: string
  readonly first: RegExp
  readonly borders: readonly number[]
}

/** What was found in a text. */
export interface Found {
  readonly spans: readonly { readonly start: number; readonly end: number }[]
  /** From where on the end of the text may begin a token that goes on; its length where nothing does. */
  readonly open: number
}

/** How much of a token is read after one more letter, with so much read before (Knuth, Morris and Pratt). */
function advance(read: number, letter: string, { token, borders }: Omit<TokenSearch, 'first'>): number {
  let length = read
  while (length > 0 && token[length] !== letter) length = borders[length - 1] ?? 0
  return token[length] === letter ? length + 1 : 0
}

/** Prepares the search for a token, in whatever case. */
export function tokenSearch(given: string): TokenSearch {
  const token = given.toLowerCase()
  const borders: number[] = []
  for (let at = 0, read = 0; at < token.length; at += 1) {
    read = at && advance(read, token.charAt(at), { token, borders })
    borders.push(read)
  }
  const letter = token.charAt(0)
  const codes = [letter, letter.toUpperCase()].map((one) => one.charCodeAt(0))
  const hex = codes.map((code) => code.toString(16)).join('|')
  const plain = letter.replace(/\W/, '\\$&')
  const html = `&#(?:x0{0,4}(?:${hex})|0{0,4}(?:${codes.join('|')}));`
  const first = new RegExp(`\\\\{0,7}${plain}|%(?:25){0,3}(?:${hex})|\\\\{1,4}u00(?:${hex})|${html}`, 'g')
  return { token, first, borders }
}

/** The next letter of a text in the writing that reads most of the token. */
function readLetter(text: string, { at, read }: { at: number; read: number }, search: TokenSearch) {
  const letter = text.charAt(at)
  const readings = (WRITINGS[letter] ?? []).map(({ form, read: decode }) => {
    form.lastIndex = at
    const [whole = '', inner = ''] = form.exec(text) ?? []
    return { read: whole ? advance(read, decode(inner), search) : 0, length: whole.length }
  })
  const itself = { read: advance(read, letter, search), length: 1 }
  return [...readings, itself].reduce((best, one) => (one.read > best.read ? one : best), {
    read: 0,
    length: 1,
  })
}

/** Finds a token in a text of small letters, in time that grows with the text alone; where more is to come, its end may be cut. */
export function findToken(text: string, search: TokenSearch, { isWhole }: { isWhole: boolean }): Found {
  const { token, first } = search
  const spans: { start: number; end: number }[] = []
  const end = isWhole ? text.length : cutOf(text)
  let starts: number[] = []
  let read = 0
  let at = 0
  while (at < end) {
    if (read === 0) {
      starts = []
      first.lastIndex = at
      at = first.exec(text)?.index ?? end
      if (at >= end) break
    }
    starts.push(at)
    const next = readLetter(text, { at, read }, search)
    at += next.length
    read = next.read
    if (read === token.length) {
      spans.push({ start: starts.at(-read) ?? 0, end: at })
      read = 0
    }
  }
  return { spans, open: read > 0 ? (starts.at(-read) ?? 0) : end }
}

/** Where the writing begins that the end of a text cuts. */
function cutOf(text: string): number {
  const tail = Math.max(0, text.length - 12)
  const cut = CUT.exec(text.slice(tail))
  return cut ? tail + cut.index : text.length
}
