import { readings } from './readings.ts'
import { type Search, type Spelling, searchFor } from './search.ts'
import { textsOf } from './texts.ts'

/** A secret in a file, both by name; its value is no part of this. */
export interface Finding {
  readonly file: string
  readonly secret: string
  readonly spelling: Spelling
}

/** A file by its name; a text stands for its bytes in UTF-8. */
export type NamedFile = readonly [name: string, content: string | Uint8Array]

/** Fewer characters than this may stand in any file by chance. */
const SHORTEST = 8

function refuseShort(name: string, value: string): void {
  if (value.length >= SHORTEST) return
  throw new RangeError(
    `The secret "${name}" is too short to be looked for: make it at least ${SHORTEST} characters long.`,
  )
}

/** Tells how each of these secrets is spelled in a file, if it is there at all. */
function spellingsIn([name, content]: NamedFile, searches: ReadonlyMap<string, Search>) {
  const found = new Map<string, Spelling>()
  const look = (text: string) => {
    for (const reading of readings(text))
      for (const [secret, search] of searches) {
        const place = found.has(secret) ? undefined : search(reading)
        if (place) found.set(secret, place.spelling)
      }
  }
  // The name of a file is published as well.
  look(name)
  for (const text of textsOf(content)) look(text)
  return found
}

/**
 * Finds secrets by name in files by name, be they plain, URL-encoded, escaped or in base64: one finding for each pair at most.
 * Throws a `RangeError` for a secret of fewer than 8 characters.
 */
export function findSecrets(
  files: Iterable<NamedFile>,
  secrets: Readonly<Record<string, string>>,
): Finding[] {
  const searches = new Map<string, Search>()
  for (const [name, value] of Object.entries(secrets)) {
    refuseShort(name, value)
    searches.set(name, searchFor(value))
  }
  const findings: Finding[] = []
  for (const file of files)
    for (const [secret, spelling] of spellingsIn(file, searches))
      findings.push({ file: file[0], secret, spelling })
  return findings
}
