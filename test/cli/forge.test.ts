import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { forgepass, servers } from './forgepass.ts'

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

describe('forgepass forge', () => {
  test.each([
    ['gitcode', "client_secret: 'public-demo-secret', scope: 'all_user' }"],
    ['gitshare', "client_secret: 'public-demo-secret', scope: 'read' }"],
    ['github', "client_secret: 'public-demo-secret', scope: 'read:user' }"],
    ['forgejo', "client_id: 'forgepass-demo', redirect_uri: '/callback' })"],
  ])('%s serves it with lines that fit it', async (name, line) => {
    const { out, base } = await forgepass('forge', name, '--port', '0')
    expect(out).toContain(`${name}({ base: '${base}' })`)
    expect(out).toContain(line)
    expect(out).not.toContain('on purpose')
    expect((await fetch(base)).status).toBe(200)
  })

  test('gitlab --profile documented shows the implicit grant', async () => {
    const { out, base } = await forgepass('forge', 'gitlab', '--port=0', '--profile=documented', '--cors')
    expect(out).toContain("import { createClient, implicit } from 'forgepass'")
    expect(out).toContain(`gitlab({ base: '${base}', profile: 'documented' }), grant: implicit(), client_id:`)
    const headers = { origin: 'https://app.test' }
    const info = await fetch(`${base}/oauth/token/info`, { headers })
    expect(info.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('github --expires-in gives tokens that end', async () => {
    const { exitCode, base } = await forgepass('forge', 'github', '--port=0', '--expires-in', '60')
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'forgepass-demo' })
    const response = await fetch(`${base}/login/oauth/access_token`, { method: 'POST', body })
    expect([exitCode, await response.text()]).toEqual([0, expect.stringContaining('incorrect_client')])
  })

  test.each(['gitea', 'gitkraken'])('%s lets go wrong what it is told to', async (name) => {
    const { out, base } = await forgepass(
      ...['forge', name, '--port=0', '--fault', 'rate-limit:5', '--fault', 'coop'],
    )
    expect(out).toContain('Going wrong on purpose: rate-limit:5, coop.')
    const path = name === 'gitea' ? '/api/v1/user' : '/v1/glo/user'
    const limited = await fetch(base + path)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '5'])
    expect((await fetch(base)).headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  test('lost-reply drops the connection', async () => {
    const { base } = await forgepass('forge', 'github', '--port=0', '--fault', 'lost-reply')
    await expect(fetch(`${base}/login/oauth/access_token`, { method: 'POST' })).rejects.toThrow(
      'fetch failed',
    )
    expect((await fetch(base)).status).toBe(200)
  })
})
