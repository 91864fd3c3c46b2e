import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createRequestListener } from '@remix-run/node-fetch-server'

/** Answers one request. */
export type Handler = (request: Request) => Response | Promise<Response>

/** Keeps the cookies that middleware before this one has set: writing the head would replace them. */
function withHostCookies(response: Response, res: ServerResponse): Response {
  const set = [res.getHeader('set-cookie') ?? []].flat()
  if (set.length === 0) return response
  const copy = new Response(response.body, response)
  for (const cookie of set) copy.headers.append('set-cookie', `${cookie}`)
  return copy
}

/** Puts back the path that Connect and Express strip from a mounted listener's request. */
function restorePath(req: IncomingMessage & { originalUrl?: string }): void {
  if (req.originalUrl !== undefined) req.url = req.originalUrl
}

/** Answers a request whose body is gone, which would otherwise never be answered. */
function refuseReadBody(res: ServerResponse): void {
  const message =
    'The request body was read before this handler: mount it before body parsers such as express.json().'
  res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(message)
}

/** Answers 400 to what no `Request` can be made of: a host or a target that is no address, a method that fetch forbids. */
function onError(error: unknown): Response | undefined {
  if (error instanceof TypeError && / URL|HTTP method/.test(error.message))
    return new Response('Bad Request', { status: 400 })
  console.error(error)
}

/** Tells whether a handler asks for the connection to break, as an emulated forge does to lose an answer. */
const isConnectionLost = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConnectionLost'

/** Keeps an error of the handler apart from those of the request: it is logged, and answered without a word of it. */
async function answer(handler: Handler, { request, res }: { request: Request; res: ServerResponse }) {
  try {
    return await handler(request)
  } catch (error) {
    // Nobody waits for this answer any more.
    if (request.signal.aborted) throw error
    if (isConnectionLost(error)) {
      res.destroy()
      // It goes nowhere.
      return new Response(null)
    }
    console.error(error)
    return new Response('Internal Server Error', { status: 500 })
  }
}

/**
 * Makes a Node request listener of a fetch handler; it works alone and mounted in Connect, Express or Vite. An error of the
 * handler is logged and answered with a bare 500; one by the name of `ConnectionLost` drops the connection instead.
 * @example http.createServer(toNodeListener(bff.fetch)).listen(3000)
 */
export const toNodeListener =
  (handler: Handler): RequestListener =>
  (req, res) => {
    restorePath(req)
    if (req.readableDidRead) return refuseReadBody(res)
    const respond = async (request: Request) => withHostCookies(await answer(handler, { request, res }), res)
    createRequestListener(respond, { onError })(req, res)
  }
