import { build, element } from './element.ts'
import source from './sign-in.ts?raw'

/** What is set off in the listing: comments, strings and words of the language. */
const PARTS = /(?<comment>\/\/.*)|(?<string>'[^']*'|`[^`]*`)|(?<word>\b(?:import|from|export|const)\b)/g

/** Shows the code that signs in, as text. */
export function showListing(): void {
  element('code', 'listing').replaceChildren(...source.trimEnd().split('\n').map(showLine))
}

/** Builds one line; what does not fit goes on below, further in than the line begins. */
function showLine(text: string): HTMLElement {
  const line = build('span', '', 'line')
  const indent = `${text.search(/\S|$/) + 4}ch`
  line.style.paddingInlineStart = indent
  line.style.textIndent = `-${indent}`
  let end = 0
  for (const match of text.matchAll(PARTS)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, part]) => part) ?? []
    line.append(text.slice(end, match.index), build('span', match[0], kind))
    end = match.index + match[0].length
  }
  line.append(`${text.slice(end)}\n`)
  return line
}
