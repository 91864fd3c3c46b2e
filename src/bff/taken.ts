import { fail } from '../protocol/errors.ts'
import { createOnce, createStateMemory, type Once, type Stated, type Use, type UseOptions } from './used.ts'

/** How a try ended: for good, by the fault of what was tried, or by nobody's. */
export interface Try extends Use {
  readonly verdict: 'over' | 'wrong' | 'again'
}

/** The states that have been used, as far as this process knows. */
export interface Taken {
  readonly once: Once
  /**
   * Does `task` as one of the tries that a state has, one after another; the third wrong one uses the state up, and so does
   * one that is over. The same text tried meanwhile is the same try; one that everybody has given up is left out. `left` is
   * how many more may be wrong. Throws `login_in_progress` where too many wait.
   */
  attempt<T extends Try>(
    stated: Stated,
    options: UseOptions,
    task: () => Promise<T>,
  ): Promise<(T & { readonly left: number }) | undefined>
}

/** As many wrong tries as a state takes. */
const TRIES = 3

/** As many tries of one state as may wait for one that is being judged. */
const WAITING = 5

/** The tries of one state that have not ended, by their text. */
interface Queue {
  turn: Promise<unknown>
  readonly tries: Map<string, { readonly work: Promise<unknown>; readonly signals: AbortSignal[] }>
}

/** Makes the queues of tries: in each one is judged at a time. */
function createQueues() {
  // Of what is under way nothing is ever forgotten.
  const queues = new Map<string, Queue>()
  return {
    /** The same try, if it has not ended. */
    find: (state: string, text: string) => queues.get(state)?.tries.get(text),
    /** Puts a try at the end of its queue. */
    async add<T>(state: string, { text, signal }: UseOptions, judge: () => Promise<T>) {
      const queue: Queue = queues.get(state) ?? { turn: Promise.resolve(), tries: new Map() }
      const { tries } = queue
      if (tries.size > WAITING) fail('login_in_progress', 'Wait for the codes that were pasted before.')
      const signals = [signal]
      const work = queue.turn.then(async () => {
        try {
          return signals.every(({ aborted }) => aborted) ? undefined : await judge()
        } finally {
          tries.delete(text)
          if (tries.size === 0) queues.delete(state)
        }
      })
      tries.set(text, { work, signals })
      queue.turn = work.catch(() => {})
      queues.set(state, queue)
      return work
    },
  }
}

/** Makes the memory of used states, each kept for `longer` milliseconds after its time. */
export function createTaken(options: { now: () => number; longer: number }): Taken {
  const memory = createStateMemory(options)
  const queues = createQueues()
  const once = createOnce(memory)

  /** Does a task as a try that counts. */
  async function count<T extends Try>(stated: Stated, task: () => Promise<T>) {
    const done = await task()
    const { verdict, isAsked } = done
    const wrong = (memory.get(stated.state)?.wrong ?? 0) + Number(verdict === 'wrong')
    if (wrong > 0) memory.add(stated, { wrong, isAsked })
    return { ...done, left: verdict === 'over' ? 0 : TRIES - wrong }
  }

  return {
    once,
    async attempt<T extends Try>(stated: Stated, mine: UseOptions, task: () => Promise<T>) {
      const judge = () => once(stated, mine, () => count(stated, task))
      const same = queues.find(stated.state, mine.text)
      if (!same) return queues.add(stated.state, mine, judge)
      same.signals.push(mine.signal)
      const done = await (same.work as ReturnType<typeof judge>)
      // An end is told once, as that of a way back is.
      return done?.verdict === 'over' ? judge() : done
    },
  }
}
