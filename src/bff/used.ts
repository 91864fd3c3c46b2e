import { createBoundedMap } from './bounded-map.ts'

/** What a state belongs to, and until when it is remembered. Milliseconds since the epoch. */
export interface Stated {
  readonly state: string
  readonly expires_at: number
}

/** What a state was used for. */
export interface Use {
  /** Whether the forge was asked, which a stranger cannot have done as often as nothing at all. */
  readonly isAsked: boolean
  /** How many more uses it has; default: none. */
  readonly left?: number
}

/** What a state is used with, and by whose request. */
export interface UseOptions {
  readonly text: string
  readonly signal: AbortSignal
}

/** What is remembered of a state. */
interface Memory {
  /** How many wrong tries it has had. */
  readonly wrong?: number
  /** With what it was used up, and to what end, as long as nobody has heard that. */
  readonly end?: { readonly text: string; readonly lost: unknown }
}

/** The memory of states. */
export interface StateMemory {
  get(state: string): Memory | undefined
  /** Adds what is new of a state. */
  add(stated: Stated, news: Memory & Partial<Use>): void
}

/**
 * Makes the memory of states, each kept for `longer` milliseconds after its time. It has two parts: strangers can fill that
 * of states that no forge was asked about, but not the other.
 */
export function createStateMemory({ now, longer }: { now: () => number; longer: number }): StateMemory {
  const bounded = { limit: 10_000, now }
  const asked = createBoundedMap<Memory>(bounded)
  const others = createBoundedMap<Memory>(bounded)
  const get = (state: string) => asked.get(state) ?? others.get(state)
  return {
    get,
    add({ state, expires_at }, { isAsked, ...news }) {
      const part = isAsked || asked.get(state) ? asked : others
      const memory = { ...get(state), ...news }
      others.delete(state)
      part.set(state, memory, expires_at + longer)
    },
  }
}

/**
 * Does `task` for the first request that brings a state, and gives its outcome. A further one gets nothing, unless it brings
 * the same text and the browser gave up the request before, as a reload does, and so never saw its answer.
 */
export type Once = <T extends Use>(
  stated: Stated,
  options: UseOptions,
  task: () => Promise<T>,
) => Promise<T | undefined>

/** Makes what uses a state once. */
export function createOnce(memory: StateMemory): Once {
  // Of what is under way nothing is ever forgotten.
  const running = new Map<string, Promise<unknown>>()

  /** Does a task, and remembers what it means for the state before anybody hears of it. */
  async function use<T extends Use>(stated: Stated, { text, signal }: UseOptions, task: () => Promise<T>) {
    let done: T | undefined
    try {
      done = await task()
      return done
    } finally {
      running.delete(stated.state)
      // As it stands now: there are hosts that abort the signal of every request once it is answered.
      const end = { text, lost: signal.aborted ? done : undefined }
      if (!done?.left) memory.add(stated, { end, isAsked: done?.isAsked ?? true })
    }
  }

  return async function once<T extends Use>(
    stated: Stated,
    mine: UseOptions,
    task: () => Promise<T>,
  ): Promise<T | undefined> {
    const { state } = stated
    const before = running.get(state)
    if (!before && !memory.get(state)?.end) {
      const outcome = use(stated, mine, task)
      running.set(state, outcome)
      return outcome
    }
    await before
    const { end } = memory.get(state) ?? {}
    // What was tried meanwhile has left uses.
    if (!end) return once(stated, mine, task)
    if (end.text !== mine.text) return
    if (!mine.signal.aborted) memory.add(stated, { end: { text: end.text, lost: undefined } })
    return end.lost as T | undefined
  }
}
