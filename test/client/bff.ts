import { type BffClientOptions, createBffClient, type Flow } from '../../src/index.ts'
import { json } from './app.ts'

/** What a scripted BFF answers to one route. */
export type BffAnswer = (request: Request) => Response | Promise<Response>

export const account = { id: '7', username: 'ada', name: 'Ada' }
export const session = { account, scope: 'user:read' }

/** An answer of the BFF itself that is none of the forge. */
export const refusal = (code: string, status: number, body: unknown = { error: code, hint: 'Do this.' }) =>
  json(body, { status, headers: { 'content-type': 'application/json', 'forgepass-error': code } })

let bases = 0

/** A client of a scripted BFF, at a base of its own; the flow comes back at once, to where `back` says. */
export function startBff(changes: Partial<BffClientOptions> = {}) {
  bases += 1
  const base = `/auth-${bases}`
  const sent: Request[] = []
  const gone: URL[] = []
  const answers: Record<'session' | 'logout' | 'api', BffAnswer> = {
    session: () => json({ gitkraken: session }),
    logout: () => json({ revoked: true }),
    api: () => json([1]),
  }
  let back = `${location.origin}${base}/relay?state=S`
  const flow: Flow = async (url) => {
    gone.push(await url)
    return new URL(back)
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    sent.push(request)
    const [route = ''] = new URL(request.url).pathname.slice(base.length + 1).split('/')
    return answers[route as keyof typeof answers](request)
  }
  const open = () => createBffClient({ base, provider: 'gitkraken', flow, fetch, ...changes })
  return {
    base,
    sent,
    gone,
    answers,
    open,
    client: open(),
    comeBack(address: string) {
      back = address
    },
    paths: () => sent.map(({ method, url }) => `${method} ${url.slice(location.origin.length)}`),
  }
}
