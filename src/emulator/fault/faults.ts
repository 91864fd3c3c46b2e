import type { Incoming } from '../message.ts'
import { breakDown, delay, limitRate, loseReply, severPages, tellTime } from './connection.ts'
import { detectReuse, expireCode, replayRefresh, resetSecret, revokeToken } from './credentials.ts'
import type { Fault, Scene, Step } from './fault.ts'
import { deny, misnameIssuer } from './redirection.ts'

/** Everything that can go wrong on demand, the outermost first. */
export const faults = {
  'no-cors': { does: 'No page of another origin can read anything.' },
  'clock-skew': { does: "The forge's clock is off by seconds.", amount: -86_400, around: tellTime },
  coop: { does: 'Its pages cut a popup off from its opener.', around: severPages },
  slow: { does: 'Every answer takes milliseconds.', amount: 3000, around: delay },
  'lost-reply': { does: 'Tokens are issued, but the answer gets lost.', around: loseReply },
  'rate-limit': { does: '429 for tokens and API, for seconds.', amount: 30, around: limitRate },
  'server-error': { does: 'The token endpoint is a 502 page.', around: breakDown },
  'wrong-iss': { does: 'People come back with the iss of another.', around: misnameIssuer },
  deny: { does: 'Access is denied without a question.', around: deny },
  'reset-secret': { does: 'Client secrets are wrong: they were reset.', around: resetSecret },
  'expired-code': { does: 'Codes run out before they are exchanged.', around: expireCode },
  'revoked-token': { does: 'Tokens are revoked before they are used.', around: revokeToken },
  'refresh-replayed': { does: 'Someone used the refresh token first.', around: replayRefresh },
  'reuse-detection': { does: 'Used twice, a refresh token ends them all.', around: detectReuse },
} as const satisfies Record<string, Fault>

/** The name of a fault. */
export type FaultName = keyof typeof faults

type Numbered = {
  [Name in FaultName]: (typeof faults)[Name] extends { amount: number } ? Name : never
}[FaultName]

/** A fault, where it has a number with another than its own: `slow:500`, `rate-limit:5`, `clock-skew:3600`. */
export type ForgeFault = FaultName | `${Numbered}:${number}`

const table: Readonly<Record<string, Fault>> = faults

/** Reads a fault as it is written; throws a TypeError for what is none. */
function readFault(text: string): [name: string, amount: number] {
  const [name = '', number, ...more] = `${text}`.split(':')
  const fault = Object.hasOwn(table, name) ? table[name] : undefined
  if (!fault)
    throw new TypeError(`There is no fault "${name}": take one of ${Object.keys(table).join(', ')}.`)
  const { amount = 0 } = fault
  if (number === undefined) return [name, amount]
  if (fault.amount === undefined) throw new TypeError(`The fault "${name}" takes no number.`)
  if (more.length > 0 || !/^-?\d+$/.test(number))
    throw new TypeError(`The fault "${name}" takes a whole number, not "${text.slice(name.length + 1)}".`)
  return [name, Number(number)]
}

/** What can be told to go wrong: one fault, several, or none. */
export type FaultOption = ForgeFault | readonly ForgeFault[] | undefined

/** The faults of one forge. */
export type Faults = ReturnType<typeof createFaults>

/** Holds the faults of one forge, which can be switched at any time but for some. */
export function createFaults(initial: FaultOption, { always }: { always: readonly FaultName[] }) {
  const read = (option: FaultOption): ReadonlyMap<string, number> =>
    new Map([...always, ...[option ?? []].flat()].map(readFault))
  let active = read(initial)
  const spent = new Set<string>()
  return {
    switchTo(option: FaultOption) {
      active = read(option)
    },
    /** The number of a fault, or `undefined` if it is not on. */
    amountOf: (name: FaultName): number | undefined => active.get(name),
    /** Answers a request with all that is to go wrong. */
    disturb(incoming: Incoming, last: Step, scene: Omit<Scene, 'spent'>): Promise<Response> {
      const on = Object.entries(table).filter(([name]) => active.has(name))
      const step = on.reduceRight<Step>((next, [name, { around }]) => {
        const amount = active.get(name) ?? 0
        return around ? (received) => around(received, next, { ...scene, spent, amount }) : next
      }, last)
      return step(incoming)
    },
  }
}
