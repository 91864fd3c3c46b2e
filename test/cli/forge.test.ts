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

describe('forgepass forge gitea', () => {
  test('serves a Gitea of today, and says that browsers need --cors', async () => {
    const { out, base } = await forgepass('forge', 'gitea', '--port', '0')
    expect(out).toContain(
      `gitea({ base: '${base}' }), client_id: 'forgepass-demo', redirect_uri: '/callback'`,
    )
    expect(out).toMatch(/forgepass-demo +\(public\)\n +forgepass-demo-bff +public-demo-secret/)
    expect(out).toContain('start it with --cors')
    const { issuer } = await (await fetch(`${base}/.well-known/openid-configuration`)).json()
    expect(issuer).toBe(base)
  })

  test('opens it with --cors', async () => {
    const { out, base } = await forgepass('forge', 'gitea', '--port', '0', '--cors', '--expires-in', '9')
    expect(out).not.toContain('start it with --cors')
    const headers = { origin: 'https://app.test', authorization: 'token ada-personal-token' }
    const response = await fetch(`${base}/api/v1/user`, { headers })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  })

  test('serves the documented Gitea with a line for the BFF', async () => {
    const { out, base } = await forgepass('forge', 'gitea', '--port', '0', '--profile', 'documented')
    expect(out).toContain("import { createBff } from 'forgepass/bff'")
    expect(out).toContain(
      `gitea: { provider: gitea({ base: '${base}', profile: 'documented' }), client_id: 'forgepass-demo', client_secret: 'public-demo-secret' }`,
    )
    expect((await fetch(`${base}/.well-known/openid-configuration`)).status).toBe(404)
  })

  test('registers the client that is named, with its secret', async () => {
    const { out, base } = await forgepass(
      ...['forge', 'gitea', '--port=0', '--client-id', 'mine', '--client-secret', 'my-secret'],
    )
    expect(out).toContain("client_id: 'mine', client_secret: 'my-secret', scope: 'read:user'")
    expect(out).not.toContain('forgepass-demo')
    const ask = async (client_secret: string) => {
      const params = { grant_type: 'refresh_token', client_id: 'mine', client_secret }
      const body = new URLSearchParams(params)
      return (await (await fetch(`${base}/login/oauth/access_token`, { method: 'POST', body })).json()).error
    }
    expect([await ask('x'), await ask('my-secret')]).toEqual(['invalid_client', 'unauthorized_client'])
  })
})

describe('forgepass forge gitkraken', () => {
  test('serves it with a line for the BFF, whose callback it knows', async () => {
    const { out, base } = await forgepass('forge', 'gitkraken', '--port', '0')
    expect(out).toContain(`GitKraken Boards (emulated by forgepass) is at ${base}`)
    expect(out).toContain(
      `gitkraken: { provider: gitkraken({ base: '${base}' }), client_id: 'forgepass-demo', client_secret: 'public-demo-secret', scope: 'user:read' }`,
    )
    expect(out).toContain('It sends people back to http://localhost:5173/auth/callback/gitkraken.')
    expect(out).toMatch(/ada +ada-personal-token/)
    const headers = { authorization: 'Bearer ada-personal-token' }
    expect(await (await fetch(`${base}/v1/glo/user`, { headers })).json()).toEqual({ username: 'ada' })
  })

  test('registers the client that is named', async () => {
    const { out } = await forgepass(
      ...['forge', 'gitkraken', '--port=0', '--client-id', 'mine', '--client-secret', 'my-secret'],
      ...['--redirect-uri', 'https://a.test/cb'],
    )
    expect(out).toContain("client_id: 'mine', client_secret: 'my-secret'")
    expect(out).toContain('It sends people back to https://a.test/cb.')
  })
})

describe('the command line', () => {
  test.each([[['--help']], [['forge', 'gitlab', '--help']], [[]]])('%j prints the help', async (args) => {
    const { exitCode, out, err } = await forgepass(...args)
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toMatch(/^Usage: forgepass forge <gitlab\|gitea\|gitkraken>/)
  })

  test.each([
    ['frog', 'Unknown command "frog"'],
    ['forge', 'Unknown forge ""'],
    ['forge svn', 'Unknown forge "svn": there are "gitlab", "gitea", "gitkraken".'],
    ['forge gitlab now', 'Unknown argument "now".'],
    ['forge gitlab --speed 9', "Unknown option '--speed'."],
    ['forge gitlab --port', "Option '--port <value>' argument missing."],
    ['forge gitlab --port x', '--port must be a number from 0 to 65535, not "x".'],
    ['forge gitlab --port 65536', '--port must be a number'],
    ['forge gitlab --host 0.0.0.0', '--host must be a loopback address, not "0.0.0.0"'],
    ['forge gitlab --host localhost.evil.test', '--host must be a loopback address'],
    ['forge gitlab --expires-in 0', '--expires-in must be a number of seconds above 0, not "0".'],
    ['forge gitlab --redirect-uri /cb', '--redirect-uri must be an absolute URI, not "/cb".'],
    ['forge gitlab --client-id=', '--client-id must not be empty.'],
    ['forge gitea --client-secret=', '--client-secret must not be empty.'],
    ['forge gitlab --profile current', '--profile is for gitea alone.'],
    ['forge gitea --profile new', '--profile must be current or documented, not "new".'],
    ['forge gitkraken --cors', '--cors is for gitea alone'],
    ['forge gitea --cors --profile documented', 'the documented one has no CORS'],
    ['forge gitkraken --expires-in 5', 'its tokens do not expire'],
    ['forge gitkraken --redirect-uri http://a/ --redirect-uri http://b/', '--redirect-uri may be given once'],
  ])('%s is refused in one sentence', async (line, sentence) => {
    const { exitCode, out, err } = await forgepass(...line.split(' '))
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})
