import type { Visitor } from './visitor.ts'

/** A request to the forge, read once. */
export interface Incoming {
  /** What people call the forge, such as `GitLab`. */
  readonly forge: string
  /** Where people sign in to the forge, as a path below its address. */
  readonly signInPath: string
  /** Where people sign out of it. */
  readonly signOutPath: string
  /** The method, after Rails' `_method` override. */
  readonly method: string
  /** The path below the place where the forge is mounted. */
  readonly path: string
  /** The forge's own address, without a trailing slash. */
  readonly root: string
  readonly headers: Headers
  /** Parameters of the query and of the form or JSON body. */
  readonly params: URLSearchParams
  /** Parameters of the query alone. */
  readonly query: URLSearchParams
  /** Parameters of the form or JSON body alone. */
  readonly body: URLSearchParams
  readonly visitor: Visitor
}

/** Answers one request. */
export type Route = (incoming: Incoming) => Response | Promise<Response>

/** The members of a JSON object that can be parameters. */
function jsonEntries(text: string): [string, string][] {
  const body: unknown = JSON.parse(text)
  const entries: [string, unknown][] = body && typeof body === 'object' ? Object.entries(body) : []
  return entries
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([key, value]) => [key, `${value}`])
}

/** The parameters of a request's body: a form, or JSON. */
async function bodyEntries(request: Request): Promise<[string, string][]> {
  const type = request.headers.get('content-type') ?? ''
  if (/^application\/json\b/i.test(type)) return jsonEntries(await request.text())
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return []
  const entries = [...(await request.formData())]
  return entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
}

/** Reads the parameters of a request: the last of equal names counts; throws on a malformed body. */
export async function readParams(
  request: Request,
  { queryWins = false }: { queryWins?: boolean },
): Promise<Pick<Incoming, 'params' | 'query' | 'body'>> {
  const body = new Map(await bodyEntries(request))
  const query = new URL(request.url).searchParams
  const params = new Map(queryWins ? [...body, ...query] : [...query, ...body])
  return { params: new URLSearchParams([...params]), query, body: new URLSearchParams([...body]) }
}

/** The method a Rails form stands for: browsers can only send GET and POST. */
export function effectiveMethod(request: Request, params: URLSearchParams): string {
  const override = params.get('_method')?.toUpperCase()
  return request.method === 'POST' && override ? override : request.method
}

/** Answers with JSON on one line. */
export function json(
  body: unknown,
  init: { status?: number; headers?: Record<string, string> } = {},
): Response {
  const headers = { 'content-type': 'application/json; charset=utf-8', ...init.headers }
  return new Response(JSON.stringify(body), { status: init.status ?? 200, headers })
}

const redirection = (status: number, location: string): Response =>
  new Response(null, {
    status,
    headers: { location, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  })

/** Answers with a 302 to an address that may be of any scheme. */
export const found = (location: string): Response => redirection(302, location)

/** Answers with a 303 to an address that may be of any scheme. */
export const seeOther = (location: string): Response => redirection(303, location)
