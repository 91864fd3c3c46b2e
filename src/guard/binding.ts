import { locate } from './search.ts'

/** What a source file tells of a secret that it holds. */
export interface Binding {
  /** The variable, member or parameter that has the secret's text as its value, where that can be told. */
  readonly variable: string | undefined
}

/** Characters before a secret that are looked at. */
const REACH = 400

/** The name right before a secret: of a parameter in an address or of a line of settings. */
const ADJACENT = /([\w$-]+)=$/

/** The beginning of the literal that a secret lies in. */
const OPENING = /["'`][^"'`\n]*$/

/** What may stand between a name and the text it is bound to: calls, fallbacks, functions and other parts of the text. */
const WRAPPER =
  /(?:[\s[]|[\w$.]*\(|\b(?:new|await|async)|[\w$.]+\s*(?:\?\?|\|\|)|(?:\([^()]*\)|[\w$]+)\s*=>|`[^`]*\$\{|(["'`])[^"'`\n]*\1\s*\+)$/

/** A variable or an attribute, with or without a type. */
const ASSIGNED = /(?:^|[^\w$-])["']?([\w$-]+)["']?(?:\s*[!?]?:[\w$.<>[\]|\s]+)?\s*=$/

/** A member; what stands before it tells it from the second half of a condition. */
const MEMBER = /(?:^|[{,;(\n])\s*["']?([\w$-]+)["']?\s*:$/

function unwrapped(text: string): string {
  const shorter = text.replace(WRAPPER, '')
  return shorter === text ? text : unwrapped(shorter)
}

function nameBefore(text: string): string | undefined {
  const outside = unwrapped(text.replace(OPENING, ''))
  return (ADJACENT.exec(text) ?? ASSIGNED.exec(outside) ?? MEMBER.exec(outside))?.[1]
}

/** Finds a secret in a source text, in any spelling, and tells what it is bound to there. */
export function findBinding(source: string, value: string): Binding | undefined {
  const place = locate(source, value)
  if (!place) return undefined
  const { text, index } = place
  // Bundlers number names that occur twice.
  return { variable: nameBefore(text.slice(Math.max(0, index - REACH), index))?.replace(/\$\d+$/, '') }
}
