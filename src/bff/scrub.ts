import { findToken, tokenSearch } from './token-search.ts'

/** What a token stands behind in an address; it goes with it, so that links still lead somewhere. */
const NAME = 'access_token='

interface Span {
  readonly start: number
  readonly end: number
}

/** Widens where a token stands by the name before it and the `&` after it. */
const widen = (text: string, { start, end }: Span): Span => ({
  start: text.endsWith(NAME, start) ? start - NAME.length : start,
  end: text[end] === '&' ? end + 1 : end,
})

/** From where on what has come so far may be a name, whole or in part, of what begins at `open`. */
function withName(text: string, open: number): number {
  // Before a token that has begun stands a whole name or none.
  const least = open < text.length ? NAME.length : 1
  for (let length = NAME.length; length >= least; length -= 1)
    if (text.endsWith(NAME.slice(0, length), open)) return open - length
  return open
}

/** Takes a token out of a text that may repeat the address it was asked at. */
export function scrubText(text: string, token: string): string {
  const lower = text.toLowerCase()
  let kept = ''
  let at = 0
  for (const span of findToken(lower, tokenSearch(token), { isWhole: true }).spans) {
    const { start, end } = widen(lower, span)
    kept += text.slice(at, start)
    at = end
  }
  return kept + text.slice(at)
}

type Bytes = Uint8Array<ArrayBuffer>

/** Where the letters of a text are if there are NULs between them, as in UTF-16. */
function positionsOf(text: string): number[] | undefined {
  if (!text.includes('\0')) return
  const positions: number[] = []
  for (let at = 0; at < text.length; at += 1) if (text[at] !== '\0') positions.push(at)
  return positions
}

/** Where the bytes are that some letters took up; each as many as the first, so that UTF-16 stays what it is. May end later. */
function toBytes({ start, end }: Span, positions: number[] | undefined, size: number): Span {
  if (!positions) return { start, end }
  const at = (index: number) => positions[index] ?? size
  const width = Math.min(4, at(start + 1) - at(start))
  return {
    start: at(start),
    end: Math.max(at(end - 1) + 1, at(start) + width * (end - start)),
  }
}

/** Bytes that are looked through at once. */
const PIECE = 65_536

/** Takes a token out of a body as it passes, also where it comes in parts; all else stays as it is, byte for byte. */
export function scrubBody(token: string): TransformStream<Bytes, Bytes> {
  const search = tokenSearch(token)
  // One letter for each byte, whichever: what is looked for is ASCII.
  const decoder = new TextDecoder('latin1')
  let held: Bytes = new Uint8Array()
  let overhang = 0
  const pass = (
    bytes: Bytes,
    { isWhole, controller }: { isWhole: boolean; controller: TransformStreamDefaultController<Bytes> },
  ) => {
    const text = decoder.decode(bytes).toLowerCase()
    const positions = positionsOf(text)
    const letters = positions ? text.replaceAll('\0', '') : text
    const found = findToken(letters, search, { isWhole })
    const open = isWhole ? letters.length : withName(letters, found.open)
    const end = toBytes({ start: open, end: open }, positions, bytes.length).start
    let at = 0
    const emit = (until: number) => {
      if (until > at) controller.enqueue(bytes.slice(at, until))
    }
    for (const span of found.spans) {
      const gap = toBytes(widen(letters, span), positions, bytes.length)
      emit(gap.start)
      at = gap.end
    }
    emit(end)
    held = bytes.slice(Math.max(at, end))
    overhang += Math.max(0, at - bytes.length)
  }
  return new TransformStream({
    transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const given = chunk.subarray(at, at + PIECE)
        const piece = given.subarray(overhang)
        overhang -= given.length - piece.length
        const bytes = new Uint8Array(held.length + piece.length)
        bytes.set(held)
        bytes.set(piece, held.length)
        pass(bytes, { isWhole: false, controller })
      }
    },
    flush(controller) {
      if (held.length) pass(held, { isWhole: true, controller })
    },
  })
}
