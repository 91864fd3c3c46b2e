/** Runs `task` while no other holder of the same name runs, in this tab or any other of the origin. */
export type Lock = <T>(name: string, task: () => Promise<T>) => Promise<T>

/** Milliseconds to wait for a turn: longer than any holder may take, so that only a stuck one is passed. */
const WAIT = 40_000

/** The last in line for each name, in this tab. */
const lines = new Map<string, Promise<unknown>>()

/** Keeps the order within this tab. */
const tabLock: Lock = (name, task) => {
  const turn = (lines.get(name) ?? Promise.resolve()).then(task)
  const end = () => lines.get(name) === last && lines.delete(name)
  const last: Promise<unknown> = turn.then(end, end)
  lines.set(name, last)
  return turn
}

/**
 * Web Locks, each taken in the order of this tab: whoever passes a holder that is stuck passes none of its own tab. Where a page may
 * not use them (some third-party frames), that order alone.
 */
export const webLock: Lock = (name, task) =>
  tabLock(name, async () => {
    let run: ReturnType<typeof task> | undefined
    const start = () => {
      run = task()
      return run
    }
    // A failure of the task is its own; only a failure to get the lock is passed over.
    await globalThis.navigator?.locks
      ?.request(name, { signal: AbortSignal.timeout(WAIT) }, start)
      .catch(() => {})
    return run ?? task()
  })
