import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../e2e/free-port.ts'

const LEASH = fileURLToPath(new URL('./leash.mjs', import.meta.url))

/** Lets go of a program, which ends it, and waits until it has ended. */
type End = () => Promise<void>

/** Starts a program that ends with this process, however this ends. */
export function start(command: readonly string[], env = process.env): { child: ChildProcess; end: End } {
  const child = spawn(process.execPath, [LEASH, ...command], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const end = async () => {
    child.stdin.end()
    await ended
  }
  return { child, end }
}

/** Starts a screen that nobody sees, and gives its name. */
export async function startScreen(): Promise<{ name: string; end: End }> {
  const { child, end } = start([...'Xvfb -displayfd 1 -nolisten tcp -screen 0 1280x800x24'.split(' ')])
  const name = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (bytes) => resolve(`:${bytes}`.trim()))
    child.once('exit', () => reject(new Error('Xvfb ended before it had a screen.')))
  })
  return { name, end }
}

/** Starts WebKitWebDriver on a free port, for browsers on this screen, and gives its address. */
export async function startDriver(screen: string): Promise<{ address: string; end: End }> {
  const port = await freePort()
  // A cache of the graphics would only be written, and complained about when its folder is gone.
  const env = { ...process.env, DISPLAY: screen, GDK_BACKEND: 'x11', MESA_SHADER_CACHE_DISABLE: 'true' }
  const { end } = start(['WebKitWebDriver', `--port=${port}`], env)
  const address = `http://127.0.0.1:${port}`
  if (await answers(address)) return { address, end }
  await end()
  throw new Error('WebKitWebDriver does not answer.')
}

async function answers(address: string): Promise<boolean> {
  const deadline = performance.now() + 10_000
  while (performance.now() < deadline) {
    const status = await fetch(`${address}/status`).catch(() => undefined)
    if (status?.ok) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}
