import { lockChoice } from './picker.ts'
import { isBusy, showBusy, showIdle } from './view.ts'

/** What a button does. */
export interface Press {
  /** What it says meanwhile. */
  readonly busy: () => string
  readonly work: () => Promise<unknown>
  /** Hears how it went, once the button is itself again. */
  readonly settle: (outcome: { readonly error?: unknown }) => void
}

const pressed = new Set<HTMLButtonElement>()

/** Whether something is under way that a button of this page has set off. */
export const isAtWork = (): boolean => pressed.size > 0

async function outcomeOf(work: Press['work']): Promise<{ error?: unknown }> {
  try {
    await work()
    return {}
  } catch (error) {
    return { error }
  }
}

/** Makes a button do its work, once at a time; nothing else can be chosen meanwhile. */
export function onPress(button: HTMLButtonElement, { busy, work, settle }: Press): void {
  button.addEventListener('click', async (event) => {
    // A button of a form would send it.
    event.preventDefault()
    if (isBusy(button)) return
    pressed.add(button)
    showBusy(button, busy())
    lockChoice('locked')
    const outcome = await outcomeOf(work)
    showIdle(button)
    pressed.delete(button)
    if (!isAtWork()) lockChoice('free')
    settle(outcome)
  })
}
