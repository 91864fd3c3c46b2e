import { type Command, patiently, startSession } from './protocol.ts'

/** A cookie that the browser keeps for the page it shows [WebDriver section 14]. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly domain: string
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: string
}

/** One browser with a profile of its own; elements are named by XPath and waited for. */
export interface Browser {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  url(): Promise<URL>
  text(path: string): Promise<string>
  click(path: string): Promise<void>
  /** Runs a function in the page, which must not use anything from outside of it, and gives what it resolves to. */
  evaluate<A extends unknown[], T>(work: (...args: A) => T | Promise<T>, ...args: A): Promise<T>
  cookies(): Promise<Cookie[]>
  /** The window that the commands go to. */
  window(): Promise<string>
  windows(): Promise<string[]>
  switchTo(window: string): Promise<void>
  /** Closes the browser and forgets its profile. */
  close(): Promise<void>
}

/** Starts a browser at a WebDriver server. */
export async function openBrowser(address: string): Promise<Browser> {
  const command = await startSession(address)
  return {
    ...addressBar(command),
    ...elements(command),
    ...windows(command),
    evaluate: (work, ...args) => evaluate(command, work, args),
    cookies: async () => (await command('GET cookie')) as Cookie[],
    close: async () => void (await command('DELETE')),
  }
}

const addressBar = (command: Command) => ({
  goto: async (url: string) => void (await command('POST url', { url })),
  reload: async () => void (await command('POST refresh', {})),
  url: async () => new URL((await command('GET url')) as string),
})

const elements = (command: Command) => {
  const find = async (value: string) => {
    const element = await command('POST element', { using: 'xpath', value })
    return Object.values(element as Record<string, string>)[0]
  }
  return {
    text: (path: string) =>
      patiently(async () => (await command(`GET element/${await find(path)}/text`)) as string),
    click: (path: string) =>
      patiently(async () => void (await command(`POST element/${await find(path)}/click`, {}))),
  }
}

const windows = (command: Command) => ({
  window: async () => (await command('GET window')) as string,
  windows: async () => (await command('GET window/handles')) as string[],
  switchTo: async (handle: string) => void (await command('POST window', { handle })),
})

async function evaluate<A extends unknown[], T>(
  command: Command,
  work: (...args: A) => T | Promise<T>,
  args: A,
): Promise<T> {
  // The last argument of an asynchronous script takes its result [WebDriver section 13.2.2].
  const script = `
    const args = [...arguments]
    const done = args.pop()
    const run = async () => (${work})(...args)
    run().then((value) => done({ value }), (error) => done({ problem: String(error) }))`
  const answer = await command('POST execute/async', { script, args })
  const { value, problem } = answer as { value: T; problem?: string }
  if (problem) throw new Error(`In the page: ${problem}`)
  return value
}
