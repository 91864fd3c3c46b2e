import type { Provider } from '../../../src/provider/index.ts'

/** A request and its answer, as both went over the wire. */
export interface Exchange {
  readonly request: Request
  readonly url: URL
  readonly body: string
  readonly response: Response
  readonly answer: string
}

/** Lets a handler answer, and notes what was said. */
export const noted =
  (exchanges: Exchange[], handler: (request: Request) => Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    const copy = request.clone() as Request
    const body = await request.clone().text()
    const response = await handler(request)
    const answer = await response.clone().text()
    exchanges.push({ request: copy, url: new URL(request.url), body, response, answer })
    return response
  }

/** All that was said, headers included. */
export const textOf = (exchanges: readonly Exchange[]): string =>
  JSON.stringify(
    exchanges.map(({ request, url, body, response, answer }) => [
      url,
      [...request.headers],
      body,
      [...response.headers],
      answer,
    ]),
  )

/** The parameters of a request, wherever they stand. */
export const parametersOf = ({ url, body }: Exchange): Record<string, string> =>
  Object.fromEntries([...url.searchParams, ...new URLSearchParams(body)])

/** The requests, preflights apart, to an address or below one that ends with a slash. */
export const requestsTo = (exchanges: readonly Exchange[], address: string | undefined) =>
  exchanges.filter(
    ({ request, url }) =>
      request.method !== 'OPTIONS' &&
      (address?.endsWith('/') ? url.href.startsWith(address) : url.origin + url.pathname === address),
  )

/** What the token endpoint was asked for, in this order. */
export const grantsOf = (exchanges: readonly Exchange[], { token_endpoint }: Provider) =>
  requestsTo(exchanges, token_endpoint).map((exchange) => parametersOf(exchange).grant_type)

/** The tokens that the token endpoint gave out, the last ones first. */
export const tokensOf = (
  exchanges: readonly Exchange[],
  { token_endpoint }: Provider,
): { access_token: string; refresh_token?: string }[] =>
  requestsTo(exchanges, token_endpoint)
    .map(({ answer }) => JSON.parse(answer))
    .reverse()
