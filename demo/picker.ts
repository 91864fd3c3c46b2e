import { type Choice, choices } from './choice.ts'
import { element } from './element.ts'

const names = Object.keys(choices) as (keyof Choice)[]
const inputs = names.flatMap((name) => choices[name].map((value) => ({ name, value })))
const find = ({ name, value }: (typeof inputs)[number]) => element('input', `${name}-${value}`)

/** Shows what is chosen, and of the rest what can be. */
export function showChoice(choice: Choice, { flow }: { flow: 'offered' | 'absent' }): void {
  for (const input of inputs) find(input).checked = choice[input.name] === input.value
  element('fieldset', 'flow').hidden = flow === 'absent'
}

/** Keeps the choice as it is while something is under way. */
export function lockChoice(state: 'locked' | 'free'): void {
  for (const name of names) element('fieldset', name).disabled = state === 'locked'
}

/** Calls back with each change that the person makes, as a part of the choice. */
export function onChoice(listener: (part: Partial<Choice>) => void): void {
  for (const input of inputs) {
    find(input).addEventListener('change', () => listener({ [input.name]: input.value }))
  }
}
