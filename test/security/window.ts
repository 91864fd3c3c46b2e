import { popup } from '../../src/index.ts'
import { type Changes, until } from '../client/app.ts'
import { startPage } from '../client/page.ts'

/** What a test has put in the place of something of the page, to be taken back. */
const given = new Map<string, PropertyDescriptor | undefined>()

/** Puts something in the place of what the page has under a name. */
export function put(name: string, value: unknown): void {
  if (!given.has(name)) given.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

/** Takes back what was put. */
export function takeBack(): void {
  for (const [name, before] of given) {
    if (before) Object.defineProperty(globalThis, name, before)
    else Reflect.deleteProperty(globalThis, name)
  }
  given.clear()
}

/** A window that a page has opened, as far as the page can see; what it is sent is noted. */
export function createWindow() {
  const heard: [data: unknown, target: unknown][] = []
  const visited: string[] = []
  const child = {
    closed: false,
    close() {
      child.closed = true
    },
    location: { replace: (address: string) => void visited.push(address) },
    postMessage: (data: unknown, target?: unknown) => void heard.push([data, target]),
  }
  return { child, heard, visited }
}

/** A page that signs in in a window of its own. */
export function startPopup(changes: Changes = {}) {
  const opened = createWindow()
  const opens: string[][] = []
  put('open', (...parts: string[]) => {
    opens.push(parts)
    return opened.child
  })
  // Windows have timers, which follow the clock of the computer.
  const page = startPage({ flow: popup(), now: Date.now, ...changes })
  const { origin } = location
  /** A message as the browser delivers it; by default the right one. */
  const deliver = (data: unknown, more: object = {}) => {
    const from = { data, origin, source: opened.child, ...more }
    dispatchEvent(Object.assign(new Event('message'), from))
  }
  /** Presses the button, and gives the address that brings the person back. */
  const press = async (signal?: AbortSignal) => {
    const login = page.client.login(signal && { signal })
    login.catch(() => {})
    await until(() => {
      if (!opened.visited.length) throw new Error('Nobody is at the forge yet.')
    })
    const state = new URL(opened.visited.at(-1) ?? '').searchParams.get('state') ?? ''
    return { login, state, address: `${page.redirect_uri}?code=CODE&state=${state}` }
  }
  return { ...page, ...opened, opens, deliver, press }
}
