import { base64Forms } from './base64.ts'
import { canonical, type Reading, readings } from './readings.ts'

/** How a secret is written where it was found. */
export type Spelling = 'plain' | 'escaped' | 'base64'

/** Where a reading of a text holds a secret. */
export interface Place {
  readonly spelling: Spelling
  readonly text: string
  readonly index: number
}

/** Looks for one secret. */
export type Search = (reading: Reading) => Place | undefined

const formEncoded = (text: string) => `${new URLSearchParams([['', text]])}`.slice(1)

/** Lists a secret in base64, also after the encoding for a form that a `Basic` header asks for (RFC 6749 section 2.3.1). */
const inBase64 = (value: string) => [
  ...new Set([value, encodeURIComponent(value), formEncoded(value)].flatMap(base64Forms)),
]

const indexOfAny = (text: string, wanted: readonly string[]) =>
  wanted.map((needle) => text.indexOf(needle)).find((index) => index >= 0)

/** Makes the search for a secret, as it is and in base64. */
export function searchFor(value: string): Search {
  const base64 = inBase64(value)
  const [canonicalValue, canonicalBase64] = [canonical(value), base64.map(canonical)]
  return ({ text, kind }) => {
    const index = text.indexOf(kind === 'canonical' ? canonicalValue : value)
    if (index >= 0) return { spelling: kind === 'plain' ? 'plain' : 'escaped', text, index }
    const start = indexOfAny(text, kind === 'canonical' ? canonicalBase64 : base64)
    return start === undefined ? undefined : { spelling: 'base64', text, index: start }
  }
}

/** Finds the first place of a secret in a text. */
export function locate(text: string, value: string): Place | undefined {
  const search = searchFor(value)
  for (const reading of readings(text)) {
    const place = search(reading)
    if (place) return place
  }
}
