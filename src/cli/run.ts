import type { Server } from 'node:http'
import { type ForgeCommand, parseCommand } from './command.ts'
import { runDiagnose } from './diagnose.ts'
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

/** Says why a server cannot listen. */
function explain({ code }: NodeJS.ErrnoException, { host, port }: ForgeCommand): string {
  if (code === 'EADDRINUSE') return `Port ${port} is in use: stop what uses it or choose another with --port.`
  return `Cannot listen on port ${port} of ${host} (${code}): choose others with --port and --host.`
}

/** Runs a command line: 0 is well, 1 a port that cannot be had or a diagnosis with a fault, 2 what cannot be understood. */
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
  if ('diagnose' in command) {
    const { text, isWell } = await runDiagnose(command.diagnose)
    out(text)
    return { exitCode: isWell ? 0 : 1 }
  }
  try {
    const { server, greeting } = await serveForge(command.serve)
    out(greeting)
    return { exitCode: 0, server }
  } catch (error) {
    err(`${explain(error as NodeJS.ErrnoException, command.serve)}\n`)
    return { exitCode: 1 }
  }
}
