import type { Session } from 'forgepass'
import type { Outcome } from './calls.ts'
import { build, element } from './element.ts'
import { describeExpiry, secondsLeft } from './expiry.ts'
import type { Item } from './forges.ts'
import { describeProblem } from './problem.ts'

/** What the card shows: a sign-in that is looked for, wanted, or there. */
export type State = 'unknown' | 'signed-out' | 'signed-in'

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
  element('button', 'by-redirect').hidden = code !== 'popup_blocked'
}

/** Says that a window is open somewhere, and takes it back for `undefined`. */
export function showWaiting(words: string | undefined): void {
  element('div', 'waiting').hidden = words === undefined
  element('p', 'waiting-words').textContent = words ?? ''
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

export function showAccount({ account, scope }: Session): void {
  const avatar = element('img', 'avatar')
  const { avatar_url = '' } = account ?? {}
  if (avatar.getAttribute('src') !== avatar_url) avatar.src = avatar_url
  avatar.hidden = !avatar_url
  element('b', 'name').textContent = account?.name ?? account?.username ?? 'Reading your account…'
  element('span', 'username').textContent = account ? `@${account.username}` : ''
  const granted = scope?.split(' ').flatMap((name) => [build('code', name), ' '])
  element('dd', 'scope').replaceChildren(...(granted ?? ['Whatever its owner has allowed']))
}

/** Shows how long the access token is good for. */
export function showExpiry({ expires_at = Number.POSITIVE_INFINITY, stale }: Session): void {
  const words = describeExpiry(expires_at, Date.now())
  const more = stale ? '. The last refresh did not get through; the next call tries again' : ''
  element('span', 'expiry').textContent = words + more
  const life = element('progress', 'life')
  life.hidden = expires_at === Number.POSITIVE_INFINITY
  life.value = Math.min(life.max, secondsLeft(expires_at, Date.now()))
}

/** Shows what a call led to. */
export function showResult({ call, words, items }: Outcome): void {
  element('div', 'result').hidden = false
  element('code', 'result-call').textContent = call
  element('p', 'result-words').textContent = words
  const list = element('ul', 'items')
  list.hidden = !items
  list.replaceChildren(...(items ?? []).map(showItem))
}

export function hideResult(): void {
  element('div', 'result').hidden = true
}

function showItem({ name, about, tag }: Item): HTMLLIElement {
  const item = build('li', '')
  item.append(build('b', name))
  if (tag) item.append(build('span', tag, 'tag'))
  if (about) item.append(build('span', about, 'about'))
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
