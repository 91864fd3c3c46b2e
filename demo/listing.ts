import { build, element } from './element.ts'
import source from './sign-in.ts?raw'

/** What is set off in the listing: comments, strings and words of the language. */
const PARTS = /(?<comment>\/\/.*)|(?<string>'[^']*'|`[^`]*`)|(?<word>\b(?:import|from|export|const)\b)/g

/** Shows the code that signs in, as text. */
export function showListing(): void {
  const listing = element('code', 'listing')
  let end = 0
  for (const match of source.matchAll(PARTS)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text) ?? []
    listing.append(source.slice(end, match.index), build('span', match[0], kind))
    end = match.index + match[0].length
  }
  listing.append(source.slice(end).trimEnd())
}
