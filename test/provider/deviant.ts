import type { Forge } from '../../src/emulator/index.ts'
import type { Deviations } from '../../src/provider/index.ts'

type Send = Forge['fetch']

/** Changes the token response of a server. */
const answering =
  (change: (tokens: Record<string, unknown>) => object) => async (send: Send, request: Request) => {
    const response = await send(request)
    return Response.json(change(await response.json()), { status: response.status })
  }

/** Takes the parameters of a token request in the address alone, and a secret in the body. */
async function queried(send: Send, request: Request): Promise<Response> {
  const { origin, pathname, searchParams } = new URL(request.url)
  const secret = new URLSearchParams(await request.text()).get('client_secret')
  const body = new URLSearchParams([...searchParams, ...(secret ? [['client_secret', secret]] : [])])
  return send(new Request(origin + pathname, { method: 'POST', body }))
}

/** Servers that leave the specifications: what each does at its token endpoint, and the one word that declares it. */
export const DEVIANTS: Readonly<
  Record<string, { readonly does: (send: Send, request: Request) => Promise<Response>; declared: Deviations }>
> = {
  'takes its parameters in the address': { does: queried, declared: { token_request: 'query' } },
  'leaves the token type out': {
    does: answering(({ token_type: _, ...tokens }) => tokens),
    declared: { token_type_missing: 'bearer' },
  },
  'answers in JSON that is labelled as text': {
    does: async (send, request) => {
      const response = await send(request)
      return new Response(response.body, {
        status: response.status,
        headers: { 'content-type': 'text/plain' },
      })
    },
    declared: { token_response: 'text' },
  },
}

/** The same forge, whose token endpoint does otherwise. */
export const deviate = (forge: Forge, does: (send: Send, request: Request) => Promise<Response>): Forge => ({
  ...forge,
  fetch: (request) =>
    new URL(request.url).pathname.endsWith('/oauth/token')
      ? does(forge.fetch, request)
      : forge.fetch(request),
})
