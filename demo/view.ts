import type { Session } from 'forgepass'
import { build, element } from './element.ts'
import { describeExpiry, secondsLeft } from './expiry.ts'
import { describeProblem } from './problem.ts'

/** What the card shows: a sign-in that is looked for, wanted, or there. */
export type State = 'unknown' | 'signed-out' | 'signed-in'

/** A project as far as it is shown. */
export interface Project {
  readonly name: string
  readonly description: string | null
  readonly visibility: string
  readonly web_url: string
}

const heading = element('h2', 'heading')

/** Shows one state; keeps the focus on the page where its element goes away. */
export function showState(state: State): void {
  const focused = document.activeElement
  for (const name of ['unknown', 'signed-out', 'signed-in'] as const) {
    element('div', name).hidden = name !== state
  }
  if (focused instanceof HTMLElement && focused !== document.body && !focused.checkVisibility())
    heading.focus()
}

export function showHeading(text: string): void {
  heading.textContent = text
  document.title = `${text} · forgepass demo`
}

/** Shows an error, or takes it away for `undefined`. */
export function showProblem(error: unknown): void {
  element('div', 'problem').hidden = error === undefined
  element('p', 'invitation').hidden = error !== undefined
  if (error === undefined) return
  const { title, words = '', hint, code } = describeProblem(error)
  element('h3', 'problem-title').textContent = title
  element('p', 'problem-words').textContent = words
  element('p', 'problem-words').hidden = !words
  element('p', 'problem-hint').textContent = hint
  element('code', 'problem-code').textContent = code
}

/** Gives a button its label for the time when nothing is under way. */
export function label(button: HTMLButtonElement, text: string): void {
  button.dataset.label = text
  if (!isBusy(button)) button.textContent = text
}

export const isBusy = (button: HTMLButtonElement): boolean => button.ariaDisabled === 'true'

/** Says on a button what it is doing; it keeps the focus, which `disabled` would take away. */
export function showBusy(button: HTMLButtonElement, text: string): void {
  button.dataset.label ??= button.textContent ?? ''
  button.textContent = text
  button.ariaDisabled = 'true'
}

export function showIdle(button: HTMLButtonElement): void {
  button.ariaDisabled = null
  label(button, button.dataset.label ?? '')
}

export function showAccount({ account, scope = '' }: Session): void {
  const avatar = element('img', 'avatar')
  const { avatar_url = '' } = account ?? {}
  if (avatar.getAttribute('src') !== avatar_url) avatar.src = avatar_url
  avatar.hidden = !avatar_url
  element('b', 'name').textContent = account?.name ?? account?.username ?? 'Reading your account…'
  element('span', 'username').textContent = account ? `@${account.username}` : ''
  const granted = scope.split(' ').filter(Boolean)
  element('dd', 'scope').replaceChildren(...granted.flatMap((name) => [build('code', name), ' ']))
}

/** Shows how long the access token is good for. */
export function showExpiry({ expires_at = Number.POSITIVE_INFINITY, stale }: Session): void {
  const words = describeExpiry(expires_at, Date.now())
  const more = stale ? '. The last refresh did not get through; the next call tries again' : ''
  element('span', 'expiry').textContent = words + more
  element('progress', 'life').value = Math.min(60, secondsLeft(expires_at, Date.now()))
}

/** Shows what a call led to. */
export function showResult(
  call: string,
  outcome: { words: string; projects: readonly Project[] | undefined },
): void {
  const { words, projects } = outcome
  element('div', 'result').hidden = false
  element('code', 'result-call').textContent = call
  element('p', 'result-words').textContent = words
  const list = element('ul', 'projects')
  list.hidden = !projects
  list.replaceChildren(...(projects ?? []).map(showProject))
}

export function hideResult(): void {
  element('div', 'result').hidden = true
}

function showProject({ name, description, visibility }: Project): HTMLLIElement {
  const item = build('li', '')
  item.append(build('b', name), build('span', visibility, 'tag'))
  if (description) item.append(build('span', description, 'about'))
  return item
}

/** Says goodbye, or nothing for `''`. */
export function showFarewell(text: string): void {
  element('p', 'farewell').textContent = text
  element('p', 'farewell').hidden = !text
}

/** Tells people who cannot see the page what has changed. */
export function announce(text: string): void {
  element('p', 'status').textContent = text
}
