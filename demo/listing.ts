import { type Choice, isByToken } from './choice.ts'
import { build, element } from './element.ts'
import { facts } from './forges.ts'
import { callsOf, type Source, sourcesOf } from './sources.ts'

/** What is set off in the listing: comments, strings and words of the language. */
const PARTS =
  /(?<comment>\/\/.*)|(?<string>'[^']*'|`[^`]*`)|(?<word>\b(?:import|from|export|const|return|type)\b)/g

/** Shows the code that does what was chosen, as text. */
export function showListing(choice: Choice): void {
  element('div', 'listing').replaceChildren(...sourcesOf(choice).map(showSource))
  const calls = callsOf(choice, facts[choice.forge].path).flatMap((call) => [', ', build('code', call)])
  element('span', 'calls').replaceChildren(...calls.slice(1))
  element('span', 'server-note').hidden = choice.tokens === 'browser'
  element('span', 'flow-note').hidden = isByToken(choice)
  element('code', 'flow-used').textContent = `${choice.flow}()`
}

function showSource({ where, path, text }: Source): HTMLElement {
  const figure = build('figure', '')
  const caption = build('figcaption', `${where}: `)
  caption.append(build('code', path))
  const pre = build('pre', '')
  const code = build('code', '')
  code.append(...text.trimEnd().split('\n').map(showLine))
  pre.append(code)
  figure.append(caption, pre)
  return figure
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
