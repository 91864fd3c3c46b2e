import type { Server } from 'node:http'
import { parseCommand } from './command.ts'
import { serveForge } from './serve.ts'

/** Where a command writes. */
export interface Output {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** How a command ended, or the server that keeps it going. */
export interface Outcome {
  readonly exitCode: 0 | 1 | 2
  readonly server?: Server
}

const isPortTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === 'EADDRINUSE'

/** Runs a command line: 0 is well, 1 is a port in use, 2 is a command line that cannot be understood. */
export async function run(args: readonly string[], { out, err }: Output): Promise<Outcome> {
  const command = parseCommand(args)
  if ('help' in command) {
    out(command.help)
    return { exitCode: 0 }
  }
  if ('problem' in command) {
    err(`${command.problem}\n`)
    return { exitCode: 2 }
  }
  try {
    const { server, greeting } = await serveForge(command.serve)
    out(greeting)
    return { exitCode: 0, server }
  } catch (error) {
    if (!isPortTaken(error)) throw error
    err(`Port ${command.serve.port} is in use: stop what uses it or choose another with --port.\n`)
    return { exitCode: 1 }
  }
}
