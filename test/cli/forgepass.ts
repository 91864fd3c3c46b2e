import type { Server } from 'node:http'
import { afterEach } from 'vitest'
import { run } from '../../src/cli/run.ts'

/** The servers of one test, closed after it. */
export const servers = new Set<Server>()

afterEach(() => {
  for (const server of servers) server.close()
  servers.clear()
})

/** Runs the command line, and gives what it says and where it serves. */
export async function forgepass(...args: string[]) {
  let [out, err] = ['', '']
  const { exitCode, server } = await run(args, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  if (server) servers.add(server)
  const base = /is at (http:\S+)/.exec(out)?.[1] ?? ''
  return { exitCode, out, err, base }
}
