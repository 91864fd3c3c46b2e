import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect } from 'vitest'
import { type BffOptions, createBff } from '../../src/bff/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { back, leadsTo, optionsOf, stateOf } from './app.ts'
import { createBrowser } from './browser.ts'

const servers = new Set<Server>()

afterEach(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  servers.clear()
})

/** Listens on loopback until the test is over, and gives the address. */
export async function listen(server: Server): Promise<string> {
  servers.add(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A GitLab on a socket that gives everybody tokens and says to all else what `api` does; with the paths it was asked for. */
export async function startSocket(api: (response: ServerResponse) => void = () => {}) {
  const asked: string[] = []
  const tokens = { access_token: 'canary-access', refresh_token: 'canary-refresh', token_type: 'bearer' }
  const base = await listen(
    createServer((request, response) => {
      asked.push(`${request.url}`)
      request.resume()
      if (request.method === 'GET') return api(response)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(tokens))
    }),
  )
  return { asked, provider: gitlab({ base }) }
}

/** Somebody who is signed in at a GitLab by a BFF with the runtime's own fetch. */
export async function signInBySocket(
  provider: ReturnType<typeof gitlab>,
  changes: Pick<BffOptions, 'timeout'> = {},
) {
  const bff = createBff(optionsOf({ providers: { gitlab: { provider } }, ...changes }))
  const browser = createBrowser({ bff, clock: { now: Date.now() } })
  const state = stateOf(await browser.visit('/auth/login/gitlab'))
  expect(leadsTo(await browser.visit(back('gitlab', state), 'cross-site navigation'))).toBe('/')
  return browser
}

/** Collects garbage again and again until `work` is done, and tells how many milliseconds it took. */
export async function collecting(work: Promise<unknown>): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const start = performance.now()
  const timer = setInterval(collect, 50)
  await work.finally(() => clearInterval(timer))
  return performance.now() - start
}
