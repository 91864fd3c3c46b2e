/** Headers of an answer that a page of another origin may always read (Fetch standard, CORS-safelisted response-header names). */
const READABLE = ['cache-control', 'content-language', 'content-type', 'expires', 'last-modified', 'pragma']
/** Headers of a request that need no leave. */
const PLAIN = ['accept', 'accept-language', 'content-language', 'content-type', 'origin']

type Serve = (request: Request) => Promise<Response>

const listOf = (headers: Headers, name: string): string[] =>
  (headers.get(name) ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
    .filter(Boolean)

const isShared = ({ headers }: Response): boolean => headers.get('access-control-allow-origin') === '*'

const refuse = () => new TypeError('Failed to fetch')

/** Asks first, as a browser does for whatever a form could not send. */
async function askFirst(serve: Serve, { url, method, headers }: Request, origin: string): Promise<void> {
  const named = [...headers.keys()].filter((name) => !PLAIN.includes(name))
  const isSimple = /^(GET|HEAD|POST)$/.test(method)
  if (isSimple && named.length === 0) return
  const asked = {
    origin,
    'access-control-request-method': method,
    ...(named.length > 0 && { 'access-control-request-headers': named.join(',') }),
  }
  const leave = await serve(new Request(url, { method: 'OPTIONS', headers: asked }))
  const mayName = listOf(leave.headers, 'access-control-allow-headers')
  const mayUse =
    isSimple || listOf(leave.headers, 'access-control-allow-methods').includes(method.toLowerCase())
  if (!leave.ok || !isShared(leave) || !mayUse || !named.every((name) => mayName.includes(name)))
    throw refuse()
}

/** Fetches as a page of another origin: asks first, reads nothing that is not shared, and sees no header that is not exposed. */
export const fetchAsPage =
  (serve: Serve, origin = 'https://app.example'): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const isBlind = init?.mode === 'no-cors' || request.mode === 'no-cors'
    if (!isBlind) await askFirst(serve, request, origin)
    request.headers.set('origin', origin)
    const response = await serve(request)
    if (isBlind) return new Response(null)
    if (!isShared(response)) throw refuse()
    const exposed = listOf(response.headers, 'access-control-expose-headers')
    const headers = [...response.headers].filter(([name]) => [...READABLE, ...exposed].includes(name))
    return new Response(await response.arrayBuffer(), { status: response.status, headers })
  }
