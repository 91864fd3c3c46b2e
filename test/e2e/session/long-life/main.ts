import { createClient, indexedDbStorage, OAuthError } from 'forgepass'
import { gitlab } from 'forgepass/providers'
import { createNetwork, createRandom, type Tally } from './faults.ts'

/** A session that ended: how the app heard of it, and whether the forge had spent its refresh token. */
export interface End {
  readonly told: string
  readonly isSpent: boolean
}

/** What a life came to so far. */
export interface Life extends Tally {
  readonly ends: readonly End[]
  /** What should not have happened. */
  readonly wrongs: readonly string[]
  readonly signIns: number
}

/** Seconds that an access token lives. */
const LIFETIME = 60

declare global {
  /** Does what a person does at the forge; gives the address they come back to. */
  var visitForge: (url: string) => Promise<string>
  /** Lets the forge answer a request, without a wire. */
  var carry: (parcel: Parcel) => Promise<Parcel>
  var startLife: typeof begin
}

/** A request or an answer as it is handed on. */
export interface Parcel {
  readonly url: string
  readonly method: string
  readonly status: number
  readonly headers: [string, string][]
  readonly body: string
}

async function askForge(request: Request): Promise<Response> {
  const { url, method, headers } = request
  const parcel = { url, method, status: 0, headers: [...headers], body: await request.text() }
  const { body, ...answer } = await carry(parcel)
  return new Response(body, answer)
}

/** Lets what runs in the browser go on for a moment. */
const turn = () => navigator.locks.query()

/** Begins the life of one client in this page. */
async function begin({ base, seed }: { readonly base: string; readonly seed: number }) {
  const { now, skip, step } = world
  const random = createRandom(seed)
  const network = createNetwork(random, { now, fetch: askForge })
  const ends: End[] = []
  const wrongs: string[] = []
  let signIns = 0
  const client = createClient({
    provider: gitlab({ base }),
    client_id: 'forgepass-demo',
    redirect_uri: '/callback',
    scope: 'read_user',
    storage: indexedDbStorage(),
    flow: async (url) => new URL(await visitForge(`${await url}`)),
    fetch: network.fetch,
    now,
  })

  /** Waits until nobody does anything any more, or only waits for an answer that does not come. */
  async function settle() {
    for (;;) {
      const { held: [holder] = [] } = await turn()
      if (!holder?.name || network.isHanging()) return
      // Behind all who wait already.
      await Promise.race([navigator.locks.request(holder.name, () => {}), network.hangs()])
    }
  }
  async function pass(milliseconds: number) {
    const end = now() + milliseconds
    while (step(end)) await settle()
  }
  /** Asks for a token, as often at once as it happens; time goes on while nobody answers. */
  async function call(): Promise<OAuthError | undefined> {
    const count = random() < 0.1 ? 5 : 1
    let outcomes: (OAuthError | undefined)[] | undefined
    const calls = Array.from({ length: count }, () =>
      client.accessToken().then(
        () => undefined,
        (error) => error,
      ),
    )
    const all = Promise.all(calls).then((heard) => {
      outcomes = heard
    })
    for (;;) {
      await Promise.race([all, network.hangs()])
      if (outcomes) break
      await pass(1000)
      await turn()
    }
    const heard = new Set(outcomes.map((error) => error && tellingOf(error)))
    if (heard.size > 1) wrongs.push(`Calls at once heard ${[...heard].join(' and ')}`)
    return outcomes[0]
  }
  const tellingOf = ({ code, reason }: OAuthError) => [code, reason].filter(Boolean).join(' ')

  async function signIn() {
    await settle()
    network.forgive()
    signIns += 1
    await client.login()
    await client.accessToken()
  }
  /** Calls until a call gets its token; a session that ended meanwhile is noted and followed by another. */
  async function callOn() {
    for (;;) {
      const error = await call()
      if (!error) return
      if (!(error instanceof OAuthError)) throw error
      if (/login_required|signed_out/.test(error.code)) {
        ends.push({ told: tellingOf(error), isSpent: network.isSpent() })
        return signIn()
      }
      if (!/network_error|timeout|bad_status/.test(error.code))
        wrongs.push(`A call heard ${tellingOf(error)}`)
      await pass(1000 + random() * 20_000)
    }
  }
  /** Comes to the end of a token's life: watched by the page, asleep, or awake again with the network back. */
  async function goOn() {
    const left = (client.snapshot?.expires_at ?? 0) - now()
    const lot = random()
    if (lot < 0.4) await pass(left - 5500)
    else skip(left)
    if (lot > 0.9) {
      dispatchEvent(new Event('online'))
      await turn().then(turn).then(settle)
    }
    await callOn()
  }
  await signIn()
  return {
    /** Goes on until so many refreshes were granted in all. */
    async live(granted: number): Promise<Life> {
      while (network.tally.granted < granted && wrongs.length === 0) await goOn()
      return { ...network.tally, ends, wrongs, signIns }
    },
    /** Comes to a moment at which nothing is under way and no timer is left but the one that watches over the session. */
    async rest() {
      skip(LIFETIME * 1000)
      await callOn()
      await pass(41_000)
      await settle()
      return world.alive()
    },
  }
}

globalThis.startLife = begin
