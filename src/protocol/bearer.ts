import type { Provider } from '../provider/provider.ts'

/** How an API takes tokens. */
export type TokenForm = Pick<Provider, 'token_in'>

/**
 * Puts an access token where the API takes it, in place of one that is there (RFC 6750 section 2); gives the request to send.
 * One with the token in its address, or in a header that browsers carry anywhere, follows no redirect.
 */
export async function presentToken(
  request: Request,
  access_token: string,
  { token_in = 'Authorization: Bearer' }: TokenForm,
): Promise<Request> {
  const { headers, signal } = request
  const [name = '', scheme = ''] = token_in.split(': ')
  const isHeader = name !== 'query'
  headers.delete('authorization')
  // The space that no scheme leaves is no part of a header's value.
  if (isHeader) headers.set(name, `${scheme} ${access_token}`)
  // Where a redirect leads to another origin, browsers take off `Authorization`, and nothing else.
  if (scheme) return request
  const careful = { cache: 'no-store', redirect: 'error' } as const
  if (isHeader) return new Request(request, careful)
  const url = new URL(request.url)
  url.searchParams.set('access_token', access_token)
  // Firefox takes no body over into a request for another address; it shows none, and knows no streams.
  const copy = request.clone()
  const stream = copy.body?.pipeThrough(new TransformStream(), { signal })
  const body = await (stream ? new Response(stream) : copy).blob()
  return new Request(new Request(url, request), { ...careful, body: body.size ? body : null })
}
