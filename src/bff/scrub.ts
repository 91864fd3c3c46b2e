/** Every way in which a letter of a token may stand in an answer: as it is, after a JSON escape, or percent-encoded. */
const writings = (letter: string): string =>
  `(?:\\\\?${letter.replace(/\W/, '\\$&')}|%${letter.charCodeAt(0).toString(16)})`

/** What finds a token in an answer, with the parameter that it stood in. */
const patternOf = (token: string): RegExp =>
  new RegExp(`(access_token=)?${[...token].map(writings).join('')}&?`, 'gi')

/** Takes a token out of a text that may repeat the address it was asked at. */
export const scrubText = (text: string, token: string): string => text.replace(patternOf(token), '')

const toText = (bytes: Uint8Array): string =>
  bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')
const toBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0))

/** Takes a token out of a body as it passes, also where it comes in parts; all else stays as it is, byte for byte. */
export function scrubBody(token: string): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const pattern = patternOf(token)
  const longest = token.length * 3 + 'access_token='.length
  let held = ''
  return new TransformStream({
    transform(chunk, controller) {
      const text = (held + toText(chunk)).replace(pattern, '')
      // What is shorter than a token may be the beginning of one.
      const end = Math.max(0, text.length - longest)
      held = text.slice(end)
      if (end > 0) controller.enqueue(toBytes(text.slice(0, end)))
    },
    flush(controller) {
      if (held) controller.enqueue(toBytes(held))
    },
  })
}
