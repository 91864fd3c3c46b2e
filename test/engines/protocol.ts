/** Sends one command of a session, such as `POST url`, and gives its value [WebDriver section 6]. */
export type Command = (command: string, body?: object) => Promise<unknown>

/** In milliseconds [WebDriver section 9]. */
const TIMEOUTS = { script: 20_000, pageLoad: 20_000 }
/** Milliseconds that a driver may take for one answer, that a browser may take to start, and that a page is waited for. */
const LIMIT = 30_000
const START_LIMIT = 15_000
const PATIENCE = 10_000

/** What passes when a page that is on its way is there, or the one before it is gone [WebDriver section 6.6]. */
const PASSING = ['no such element', 'no such frame', 'stale element reference', 'element not interactable']

/** Starts a session, which is a browser, at a WebDriver server. */
export async function startSession(address: string): Promise<Command> {
  const body = { capabilities: { alwaysMatch: { timeouts: TIMEOUTS } } }
  const session = await send('POST', `${address}/session`, { body, limit: START_LIMIT })
  const { sessionId } = session as { sessionId: string }
  return (command, body) => {
    const [method = '', path = ''] = command.split(' ')
    return send(method, `${address}/session/${sessionId}${path && `/${path}`}`, { body, limit: LIMIT })
  }
}

/** Does something on a page again and again, until what it is about is there. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const passes = error instanceof Error && PASSING.includes(`${error.cause}`)
      if (!passes || performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

interface Sending {
  readonly body?: object | undefined
  readonly limit: number
}

async function send(method: string, url: string, { body, limit }: Sending): Promise<unknown> {
  const words = `${method} ${new URL(url).pathname.split('/').slice(3).join('/')} ${JSON.stringify(body)}`
  const signal = AbortSignal.timeout(limit)
  const init = { method, signal, ...(body && { body: JSON.stringify(body) }) }
  const response = await fetch(url, init).catch((cause) => {
    throw new Error(`${words}: no answer.`, { cause })
  })
  const { value } = (await response.json()) as { value: unknown }
  if (response.ok) return value
  const { error, message } = value as { error: string; message: string }
  throw new Error(`${words}: ${error}. ${message}`, { cause: error })
}
