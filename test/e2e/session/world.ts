/** What of a page is alive and could pile up. */
export interface Alive {
  readonly timers: number
  readonly channels: number
  /** Added to any target that is not garbage by itself: window, document and channels. */
  readonly listeners: number
}

/** A page's time, which stands still unless it is told to go on. */
export interface World {
  now(): number
  /** Lets time pass as in a sleep: what was due meanwhile runs at the next step. */
  skip(milliseconds: number): void
  /** Goes on to the next timer that is due until then and runs it; else goes to that time and gives false. */
  step(until: number): boolean
  alive(): Alive
}

declare global {
  var world: World
}

/** Takes over the clock of a page and counts what begins and ends in it; to be run before anything else, and alone. */
export function takeOver(start: number): void {
  let time = start
  let last = 0
  let listeners = 0
  const timers = new Map<number, { readonly due: number; readonly run: () => void }>()
  const channels = new Set<BroadcastChannel>()
  const begin = (task: (...rest: unknown[]) => void, wait = 0, ...rest: unknown[]) => {
    last += 1
    timers.set(last, { due: time + wait, run: () => task(...rest) })
    return last
  }
  const end = (id?: number) => void timers.delete(id ?? 0)
  Object.assign(globalThis, { setTimeout: begin, clearTimeout: end })
  AbortSignal.timeout = (wait) => {
    const controller = new AbortController()
    begin(() => controller.abort(new DOMException('It took too long.', 'TimeoutError')), wait)
    return controller.signal
  }
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      channels.add(this)
    }
    override close() {
      channels.delete(this)
      super.close()
    }
  }
  const { addEventListener, removeEventListener } = EventTarget.prototype
  // Without a target it is the window's.
  const lasts = (target: unknown) => !target || target === window || target === document
  EventTarget.prototype.addEventListener = function (...given) {
    if (lasts(this) || this instanceof BroadcastChannel) listeners += 1
    addEventListener.apply(this ?? window, given)
  }
  EventTarget.prototype.removeEventListener = function (...given) {
    if (lasts(this) || this instanceof BroadcastChannel) listeners -= 1
    removeEventListener.apply(this ?? window, given)
  }
  globalThis.world = {
    now: () => time,
    skip(milliseconds) {
      time += milliseconds
    },
    step(until) {
      const [id, next] = [...timers].reduce(
        (one, other) => (other[1].due < one[1].due ? other : one),
        [0, { due: Infinity, run: () => {} }],
      )
      if (next.due > until) {
        time = Math.max(time, until)
        return false
      }
      timers.delete(id)
      time = Math.max(time, next.due)
      next.run()
      return true
    },
    alive: () => ({ timers: timers.size, channels: channels.size, listeners }),
  }
}
