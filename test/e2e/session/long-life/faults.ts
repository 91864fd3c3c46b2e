/** What may happen to a request for new tokens; only where the reply is lost has the forge spent the refresh token. */
export type Fault = 'reply lost' | 'reply never comes' | 'status 500' | 'unreachable' | 'silent'

/** What came of the requests for new tokens. */
export interface Tally {
  sent: number
  granted: number
  faults: Partial<Record<Fault, number>>
  outages: number
  /** Refresh tokens that the forge has spent in an answer that the page never got. */
  lost: number
}

/** Makes numbers from 0 to 1, the same ones on every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Chooses faults: one reply of a hundred lost, one status 500 of a hundred, and an outage now and then. */
function createFaults(random: () => number, tally: Tally) {
  let outage: { readonly until: number; readonly fault: Fault } = { until: 0, fault: 'silent' }
  return (now: number): Fault | undefined => {
    if (now < outage.until) return outage.fault
    const lot = random()
    if (lot < 0.005) return 'reply lost'
    if (lot < 0.01) return 'reply never comes'
    if (lot < 0.02) return 'status 500'
    if (lot > 0.024) return
    tally.outages += 1
    outage = { until: now + random() * 300_000, fault: lot < 0.022 ? 'unreachable' : 'silent' }
    return outage.fault
  }
}

/** Wraps `fetch` so that requests for new tokens meet with faults; what they come to is in the tally. */
export function createNetwork(
  random: () => number,
  { now, fetch }: { now: () => number; fetch: (request: Request) => Promise<Response> },
) {
  const tally: Tally = { sent: 0, granted: 0, faults: {}, outages: 0, lost: 0 }
  const choose = createFaults(random, tally)
  const hanging = new Set<AbortSignal>()
  let tell = () => {}
  let spent = false

  const hang = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      hanging.add(signal)
      tell()
      signal.addEventListener('abort', () => {
        hanging.delete(signal)
        reject(signal.reason)
      })
    })
  async function renew(request: Request, signal: AbortSignal): Promise<Response> {
    const fault = choose(now())
    tally.sent += 1
    if (fault) tally.faults[fault] = (tally.faults[fault] ?? 0) + 1
    if (fault === 'unreachable') throw new TypeError('Failed to fetch')
    if (fault === 'status 500') return new Response('Oops', { status: 500 })
    if (fault === 'silent') return hang(signal)
    const response = await fetch(request)
    if (!fault) {
      if (response.ok) tally.granted += 1
      return response
    }
    if (response.ok) {
      tally.lost += 1
      spent = true
    }
    if (fault === 'reply lost') throw new TypeError('Failed to fetch')
    return hang(signal)
  }
  const send: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input)
    const isRenewal = request.method === 'POST' && (await request.clone().text()).includes('=refresh_token')
    const { signal } = init ?? {}
    return isRenewal && signal ? renew(request, signal) : fetch(request)
  }
  return {
    fetch: send,
    tally,
    /** Whether a request waits for an answer that does not come. */
    isHanging: () => hanging.size > 0,
    /** Resolves as soon as one does. */
    hangs: () =>
      new Promise<void>((resolve) => {
        tell = resolve
        if (hanging.size > 0) resolve()
      }),
    /** Whether the refresh token of this sign-in is spent without the page having heard of it. */
    isSpent: () => spent,
    forgive() {
      spent = false
    },
  }
}
