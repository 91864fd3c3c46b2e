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
  const { headers } = request
  const url = new URL(request.url)
  const [name = '', scheme = ''] = token_in.split(': ')
  headers.delete('authorization')
  if (name === 'query') url.searchParams.set('access_token', access_token)
  // The space that no scheme leaves is no part of a header's value.
  else headers.set(name, `${scheme} ${access_token}`)
  // Where a redirect leads to another origin, browsers take off `Authorization`, and nothing else.
  if (scheme) return request
  // Firefox takes no body over from one request into another.
  const body = await request.clone().blob()
  const careful = { cache: 'no-store', redirect: 'error', body: body.size ? body : null } as const
  return new Request(new Request(url, request), careful)
}
