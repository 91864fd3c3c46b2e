import { createMediatedClient, type Flow, type MediatedClientOptions } from '../../src/index.ts'
import { json } from './app.ts'
import { type BffAnswer, session } from './bff.ts'

/** Where the forge's API is. */
export const API = 'https://forge.example/api/v4/'

let bases = 0

/** A client of a scripted BFF that hands out access tokens, and of a scripted API; both are at a place of their own. */
export function startMediated(changes: Partial<MediatedClientOptions> = {}) {
  bases += 1
  const base = `/mediated-${bases}`
  const sent: Request[] = []
  const clock = { now: Date.UTC(2026, 9, 1) }
  let count = 0
  const issue = () => {
    count += 1
    const token = { access_token: `AT-${count}`, token_type: 'Bearer', fingerprint: `print-${count}` }
    return json({ ...token, expires_at: clock.now + 7_200_000 })
  }
  const answers: Record<'session' | 'logout' | 'token' | 'api', BffAnswer> = {
    session: () => json({ gitlab: session }),
    logout: () => json({ revoked: true }),
    token: issue,
    api: () => json([1]),
  }
  const routeOf = ({ url }: Request) => {
    const { origin, pathname } = new URL(url)
    const word = pathname.slice(base.length + 1).split('/')[0] as keyof typeof answers
    return origin === location.origin ? word : 'api'
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    sent.push(request)
    return answers[routeOf(request)](request)
  }
  const flow: Flow = async () => new URL(`${location.origin}${base}/relay`)
  const open = (more: Partial<MediatedClientOptions> = {}) =>
    createMediatedClient({
      base,
      provider: 'gitlab',
      api_base: API,
      now: () => clock.now,
      flow,
      fetch,
      ...changes,
      ...more,
    })
  const find = (route: keyof typeof answers) => () => sent.filter((request) => routeOf(request) === route)
  /** What the BFF was asked for tokens with. */
  const asked = () =>
    find('token')().map(({ url }) => Object.fromEntries(new URL(url).searchParams) as Record<string, string>)
  const bearers = () => find('api')().map(({ headers }) => headers.get('authorization'))
  return { base, sent, answers, issue, clock, open, client: open(), asked, bearers, calls: find('api') }
}
