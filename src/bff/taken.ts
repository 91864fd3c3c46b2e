import { createBoundedMap } from './bounded-map.ts'

/** What a state belongs to, and until when it is remembered. Milliseconds since the epoch. */
export interface Stated {
  readonly state: string
  readonly expires_at: number
}

/** How a try ended: for good, by the fault of what was tried, or by nobody's. */
export interface Try {
  readonly verdict: 'over' | 'wrong' | 'again'
}

/** A try, and whose it is. */
export interface TryOptions {
  /** What is tried. */
  readonly text: string
  readonly signal: AbortSignal
}

/** The states that have been used, as far as this process knows. */
export interface Taken {
  /**
   * Does `task` for the first request that brings a state, and gives its outcome. A further one gets nothing, unless the
   * browser gave up the request before, as a reload does, and so never saw its answer.
   */
  once<T>(stated: Stated, signal: AbortSignal, task: () => Promise<T>): Promise<T | undefined>
  /**
   * Does `task` as one of the tries that a state has, one after another; the third wrong one uses the state up, and so does
   * one that is over. The same text tried meanwhile is the same try. `left` is how many more may be wrong.
   */
  attempt<T extends Try>(
    stated: Stated,
    options: TryOptions,
    task: () => Promise<T>,
  ): Promise<(T & { readonly left: number }) | undefined>
}

/** As many wrong tries as a state takes. */
const TRIES = 3

/** The tries of one state. */
interface Tries {
  wrong: number
  /** The end of the queue. */
  turn: Promise<unknown>
  readonly running: Map<string, Promise<unknown>>
}

/** Makes the memory of used states, each kept for `longer` milliseconds after its time. */
export function createTaken({ now, longer }: { now: () => number; longer: number }): Taken {
  const bounded = { limit: 10_000, now }
  const taken = createBoundedMap<{ outcome: Promise<unknown>; signal: AbortSignal }>(bounded)
  const tried = createBoundedMap<Tries>(bounded)

  async function once<T>({ state, expires_at }: Stated, signal: AbortSignal, task: () => Promise<T>) {
    const before = taken.get(state)
    const outcome = (before?.outcome as Promise<T> | undefined) ?? task()
    if (!before) taken.set(state, { outcome, signal }, expires_at + longer)
    const done = await outcome
    if (!before) return done
    const { signal: last } = taken.get(state) ?? before
    if (!last.aborted) return
    taken.set(state, { outcome, signal }, expires_at + longer)
    return done
  }

  return {
    once,
    async attempt<T extends Try>(stated: Stated, { text, signal }: TryOptions, task: () => Promise<T>) {
      const { state, expires_at } = stated
      const tries: Tries = tried.get(state) ?? { wrong: 0, turn: Promise.resolve(), running: new Map() }
      tried.set(state, tries, expires_at + longer)
      const count = async () => {
        const done = await task()
        if (done.verdict === 'wrong') tries.wrong += 1
        return { ...done, left: done.verdict === 'over' ? 0 : TRIES - tries.wrong }
      }
      const take = async () => {
        const done = await once(stated, signal, count)
        if (done && done.left > 0) taken.delete(state)
        return done
      }
      const same = tries.running.get(text) as ReturnType<typeof take> | undefined
      // An end is told once, as that of a way back is.
      if (same) return (await same)?.verdict === 'over' ? once(stated, signal, count) : same
      const work = tries.turn.then(take).finally(() => tries.running.delete(text))
      tries.running.set(text, work)
      tries.turn = work.catch(() => {})
      return work
    },
  }
}
