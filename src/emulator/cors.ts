/** Which other origins may call a path, in the words of the `rack-cors` middleware; every origin may, without cookies. */
export interface CorsRule {
  /** An exact path, or a prefix ending in `/*`. */
  readonly path: string
  readonly methods: readonly string[]
  /** Request headers allowed beyond the simple ones, in lower case. */
  readonly headers: readonly string[] | 'any'
  readonly expose?: readonly string[]
  /** How long a preflight is remembered, in seconds. Default: 7200. */
  readonly maxAge?: number
}

/** Headers a preflight may always name. */
const simple = ['accept', 'accept-language', 'content-language', 'content-type']

const covers = (rule: CorsRule, path: string) =>
  rule.path.endsWith('/*') ? `${path}/`.startsWith(rule.path.slice(0, -1)) : rule.path === path

const allows = (rule: CorsRule, header: string) =>
  rule.headers === 'any' || simple.includes(header) || rule.headers.includes(header)

function headersOf(rule: CorsRule): Record<string, string> {
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': rule.methods.join(', '),
    ...(rule.expose && { 'access-control-expose-headers': rule.expose.join(', ') }),
    'access-control-max-age': `${rule.maxAge ?? 7200}`,
  }
}

/** Answers a preflight, with no allowing header if any part of it is not allowed; `undefined` for any other request, or where nothing is shared. */
export function preflight(
  request: Request,
  options: { path: string; rules: readonly CorsRule[] },
): Response | undefined {
  const { headers, method } = request
  const asked = headers.get('access-control-request-method')
  if (method !== 'OPTIONS' || !headers.has('origin') || !asked || options.rules.length === 0) return
  const names = headers.get('access-control-request-headers')
  const rule = options.rules.find((candidate) => covers(candidate, options.path))
  const named =
    names
      ?.toLowerCase()
      .split(/\s*,\s*/)
      .filter(Boolean) ?? []
  if (!rule?.methods.includes(asked) || !named.every((name) => allows(rule, name))) return new Response(null)
  return new Response(null, {
    headers: { ...headersOf(rule), ...(names !== null && { 'access-control-allow-headers': names }) },
  })
}

/** Adds to an answer what lets another origin read it. */
export function share(
  response: Response,
  context: { request: Request; path: string; rules: readonly CorsRule[] },
): void {
  const rule = context.rules.find((candidate) => covers(candidate, context.path))
  if (!rule) return
  response.headers.append('vary', 'Origin')
  if (!context.request.headers.has('origin')) return
  for (const [name, value] of Object.entries(headersOf(rule))) response.headers.set(name, value)
}
