import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'

const servers = new Set<Server>()

afterEach(() => {
  for (const server of servers) server.close()
  servers.clear()
})

async function forgepass(...args: string[]) {
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

describe('forgepass forge gitlab', () => {
  test('serves the forge and says where, how to use it and who can sign in', async () => {
    const { out, err, base } = await forgepass('forge', 'gitlab', '--port', '0')
    expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await (await fetch(`${base}/.well-known/oauth-authorization-server`)).json()).issuer).toBe(base)
    expect(out).toContain(`gitlab({ base: '${base}' }), client_id: 'forgepass-demo'`)
    expect(out).toMatch(/ada +ada-lantern/)
    expect(out).toContain('Press Ctrl+C to stop.')
    expect(err).toBe('')
  })

  test('registers the client that is named', async () => {
    const { base, out } = await forgepass(
      ...['forge', 'gitlab', '--port=0', '--client-id', 'mine', '--redirect-uri', 'https://a.test/cb'],
      ...['--redirect-uri', 'app:/cb', '--expires-in', '5'],
    )
    expect(out).toContain("client_id: 'mine'")
    expect(out).toContain('https://a.test/cb, app:/cb')
    const { status } = await fetch(`${base}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'mine' }),
    })
    expect(status).toBe(200)
  })

  test.each(['localhost', '127.0.0.2'])('listens on the loopback address %s', async (host) => {
    const { base } = await forgepass('forge', 'gitlab', '--port', '0', '--host', host)
    expect((await fetch(`${base}/users/sign_in`)).status).toBe(200)
  })

  test('says so when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    servers.add(other)
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { exitCode, out, err } = await forgepass('forge', 'gitlab', '--port', `${port}`)
    expect([exitCode, out]).toEqual([1, ''])
    expect(err).toBe(`Port ${port} is in use: stop what uses it or choose another with --port.\n`)
  })
})

describe('the command line', () => {
  test.each([[['--help']], [['forge', 'gitlab', '--help']], [[]]])('%j prints the help', async (args) => {
    const { exitCode, out, err } = await forgepass(...args)
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toMatch(/^Usage: forgepass forge gitlab/)
  })

  test.each([
    ['frog', 'Unknown command "frog"'],
    ['forge', 'Unknown forge ""'],
    ['forge svn', 'Unknown forge "svn": there is "gitlab".'],
    ['forge gitlab now', 'Unknown argument "now".'],
    ['forge gitlab --speed 9', "Unknown option '--speed'."],
    ['forge gitlab --port', "Option '--port <value>' argument missing."],
    ['forge gitlab --port x', '--port must be a number from 0 to 65535, not "x".'],
    ['forge gitlab --port 65536', '--port must be a number'],
    ['forge gitlab --host 0.0.0.0', '--host must be a loopback address, not "0.0.0.0"'],
    ['forge gitlab --host localhost.evil.test', '--host must be a loopback address'],
    ['forge gitlab --expires-in 0', '--expires-in must be a number of seconds above 0, not "0".'],
    ['forge gitlab --redirect-uri /cb', '--redirect-uri must be an absolute URI, not "/cb".'],
  ])('%s is refused in one sentence', async (line, sentence) => {
    const { exitCode, out, err } = await forgepass(...line.split(' '))
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})
