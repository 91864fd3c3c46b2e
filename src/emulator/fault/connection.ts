import { badGateway } from '../bad-gateway.ts'
import { isPage } from '../page.ts'
import type { Around } from './fault.ts'

/** Rejects as `fetch` does when the connection breaks; a server that meets it drops the connection. */
export class ConnectionLost extends TypeError {
  override readonly name = 'ConnectionLost'
}

/** Does what is asked, and loses the answer. */
export const loseReply: Around = async (incoming, next, { place }) => {
  const response = await next(incoming)
  if (place !== 'token') return response
  throw new ConnectionLost('The connection was lost before the answer came.')
}

/** Waits some milliseconds, or until nobody waits for the answer any more. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })

/** Takes its time, in ms. */
export const delay: Around = async (incoming, next, { amount, signal }) => {
  await pause(amount, signal)
  return next(incoming)
}

/** Has the gateway answer for the token endpoint. */
export const breakDown: Around = async (incoming, next, { place }) =>
  place === 'token' ? badGateway() : next(incoming)

/** Has had enough requests for some seconds (RFC 6585 section 4). */
export const limitRate: Around = async (incoming, next, { place, amount }) => {
  if (place !== 'token' && place !== 'api') return next(incoming)
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'retry-after': `${amount}` }
  return new Response('Too many requests. Retry later.\n', { status: 429, headers })
}

/** Cuts a popup off from whoever opened it. */
export const severPages: Around = async (incoming, next) => {
  const response = await next(incoming)
  if (isPage(response)) response.headers.set('cross-origin-opener-policy', 'same-origin')
  return response
}

/** Says which time it is by the forge's own clock. */
export const tellTime: Around = async (incoming, next, { store }) => {
  const response = await next(incoming)
  response.headers.set('date', new Date(store.now()).toUTCString())
  return response
}
