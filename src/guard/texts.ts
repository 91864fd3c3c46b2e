import { fromBase64 } from './base64.ts'

/** Bytes that are read at once, since no string can hold much more than half a gigabyte. */
const WINDOW = 64 * 1024 * 1024
/** Bytes that neighbouring windows share, so that no secret is cut in two. */
const OVERLAP = 1024 * 1024

/** How often base64 may lie within base64. */
const DEPTH = 3

/** The data of a `data:` address; what it lies in may have escaped its special characters. */
const DATA = /;base64,([\w+/%\\-]+)/gi

function* read(bytes: Uint8Array): Generator<string> {
  for (let start = 0; start === 0 || start + OVERLAP < bytes.length; start += WINDOW - OVERLAP)
    yield new TextDecoder().decode(bytes.subarray(start, start + WINDOW))
}

/** Takes the escapes out of base64; any other than those of its own characters ends it. */
const unescaped = (data: string) =>
  data.replaceAll('\\', '').replace(/%2b/gi, '+').replace(/%2f/gi, '/').replace(/%.*/s, '')

function* unfold(text: string, depth: number): Generator<string> {
  yield text
  if (depth === DEPTH) return
  for (const [, data = ''] of text.matchAll(DATA))
    for (const inner of read(fromBase64(unescaped(data)))) yield* unfold(inner, depth + 1)
}

/** Reads all that a file has to say: its text, and that of the `data:` addresses in it, such as inline source maps. */
export function* textsOf(content: string | Uint8Array): Generator<string> {
  for (const text of typeof content === 'string' ? [content] : read(content)) yield* unfold(text, 0)
}
