import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { forgepass, servers } from './forgepass.ts'

/** Serves a forge of the emulator and diagnoses an application there. */
async function diagnoseAt(forge: string, { serve = [] as string[], args = [] as string[] } = {}) {
  const { base } = await forgepass('forge', forge, '--port=0', ...serve)
  const line = ['diagnose', forge, '--base', base, '--client-id', 'forgepass-demo', ...args]
  return { ...(await forgepass(...line)), base }
}

/** Listens on this machine until the end of the test. */
async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.add(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('forgepass diagnose', () => {
  test('is content with a GitLab that takes the application', async () => {
    const { exitCode, out, err, base } = await diagnoseAt('gitlab')
    expect([exitCode, err]).toEqual([0, ''])
    expect(out.split('\n')[0]).toBe(`GitLab at ${base}`)
    expect(out).toContain('✓ secret           GitLab takes this application without a secret.\n')
    expect(out).toContain('✓ client_known     GitLab knows this client_id.\n')
    expect(out).toContain('? redirect_uri     No redirect_uri was given.\n')
    expect(out).toMatch(/✓ cors .* pages of https:\/\/app\.example may read the answer\.\n.* from a browser/)
    expect(out).not.toContain('✗')
    expect(out).toMatch(/\nNobody was signed in\.\n$/)
  })

  test('fails where the client is refused', async () => {
    const { exitCode, out } = await diagnoseAt('gitlab', { args: ['--client-id', 'nope'] })
    expect(exitCode).toBe(1)
    expect(out).toMatch(
      /✗ client_accepted +GitLab refused the client: unknown there, or .*\n +Compare the client_id/,
    )
  })

  test('reads from the headers whether pages could read a Gitea', async () => {
    const closed = await diagnoseAt('gitea')
    expect([closed.exitCode, closed.out]).toEqual([1, expect.stringMatching(/✗ cors .* no page of/)])
    const open = await diagnoseAt('gitea', { serve: ['--cors'] })
    expect([open.exitCode, open.out]).toEqual([0, expect.stringMatching(/✓ cors .* pages of/)])
  })

  test('says what a Gitea says about the redirect URI', async () => {
    const given = ['--redirect-uri', 'https://mine.example/cb']
    const other = await diagnoseAt('gitea', {
      serve: ['--cors', '--redirect-uri', 'https://other.example/cb'],
      args: [...given, '--client-id', 'forgepass-demo'],
    })
    expect([other.exitCode, other.out]).toEqual([1, expect.stringContaining('✗ redirect_uri')])
    const same = await diagnoseAt('gitea', { serve: ['--cors', ...given], args: given })
    expect([same.exitCode, same.out]).toEqual([0, expect.stringContaining('? redirect_uri')])
  })

  test.each(['gitcode', 'gitkraken', 'gitshare', 'github'])('%s demands a secret', async (forge) => {
    const { exitCode, out } = await diagnoseAt(forge)
    expect([exitCode, out]).toEqual([1, expect.stringContaining('✗ secret')])
  })

  test.each([
    ['forgejo', [], 'Forgejo at'],
    ['gitea', ['--profile', 'documented'], '✗ secret           By its preset Gitea demands'],
    ['gitea', ['--profile', 'current'], '✓ secret           Gitea takes this application'],
    ['gitlab', ['--profile', 'documented'], '✗ secret           By its preset GitLab demands'],
    ['gitlab', ['--profile', 'current'], '✓ secret           GitLab takes this application'],
  ])('%s is diagnosed with %j', async (forge, args, line) => {
    expect((await diagnoseAt(forge, { args })).out).toContain(line)
  })

  test('asks once, as a page of the redirect URI would', async () => {
    const asked: IncomingMessage[] = []
    const base = await listen((request, response) => {
      asked.push(request)
      const origin = `${request.headers.origin}`
      const headers = { 'content-type': 'application/json', 'access-control-allow-origin': origin }
      response.writeHead(400, headers).end('{"error":"invalid_grant"}')
    })
    const { out } = await forgepass(
      ...['diagnose', 'gitlab', '--base', base, '--client-id=APP'],
      ...['--redirect-uri', 'https://mine.example/cb'],
    )
    expect(asked.map(({ method, headers }) => [method, headers.origin])).toEqual([
      ['POST', 'https://mine.example'],
    ])
    expect(out).toContain('pages of https://mine.example may read')
  })

  test('is not content with an answer that is shared with another origin', async () => {
    const headers = { 'content-type': 'application/json', 'access-control-allow-origin': 'https://b.example' }
    const base = await listen((_, response) => {
      response.writeHead(400, headers).end('{"error":"invalid_grant"}')
    })
    const { exitCode, out } = await forgepass('diagnose', 'gitlab', '--base', base, '--client-id', 'APP')
    expect([exitCode, out]).toEqual([1, expect.stringContaining('no page of https://app.example may read')])
  })

  test('tells an address where nothing is from one that leads elsewhere', async () => {
    const base = await listen((request, response) => {
      const isAsked = request.url === '/oauth/token'
      response.writeHead(isAsked ? 301 : 200, isAsked ? { location: '/elsewhere' } : {}).end()
    })
    const moved = await forgepass('diagnose', 'gitlab', '--base', base, '--client-id', 'APP')
    expect(moved.exitCode).toBe(1)
    expect(moved.out).toMatch(/✓ reachable .*\n\? cors .*\n.*\n✗ answer .* leads elsewhere/)
    for (const server of servers) await new Promise((resolve) => server.close(resolve))
    const gone = await forgepass('diagnose', 'gitlab', '--base', base, '--client-id', 'APP')
    expect([gone.exitCode, gone.out]).toEqual([1, expect.stringContaining('✗ reachable')])
  })
})

describe('the command line of a diagnosis', () => {
  test('has a help of its own, which the other one names', async () => {
    const { exitCode, out } = await forgepass('diagnose', '--help')
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^Usage: forgepass diagnose <forge> --client-id <id>/)
    expect(out).toContain('gitlab, gitea, gitcode, gitkraken, gitshare, github, forgejo.')
    expect(out.split('\n').filter(({ length }) => length > 80)).toEqual([])
    expect((await forgepass('--help')).out).toContain('forgepass diagnose --help')
  })

  test.each([
    ['', 'Unknown forge ""'],
    ['svn --client-id a', 'Unknown forge "svn": there are "gitlab", "gitea", '],
    ['toString --client-id a', 'Unknown forge "toString"'],
    ['gitlab now --client-id a', 'Unknown argument "now".'],
    ['gitlab', 'Give --client-id'],
    ['gitlab --client-secret x', "Unknown option '--client-secret'."],
    ['gitlab --client-id', "Option '--client-id <value>' argument missing."],
    ['gitea --client-id a', 'Give --base: a gitea is where you run it.'],
    ['gitea --client-id a --base git.example.org', '--base must be an address'],
    ['gitea --client-id a --base https://ada:pass@git.example.org', '--base must be an address'],
    ['github --client-id a --profile current', '--profile is for gitlab, gitea alone.'],
    ['gitlab --client-id a --profile new', '--profile must be current or documented, not "new".'],
    ['gitea --client-id a --base http://a --profile new', '--profile must be current or documented'],
    ['gitlab --client-id a --redirect-uri /cb', '--redirect-uri must be an absolute URI, not "/cb".'],
  ])('diagnose %s is refused in one sentence', async (line, sentence) => {
    const { exitCode, out, err } = await forgepass('diagnose', ...line.split(' ').filter(Boolean))
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).not.toContain('pass@')
  })
})
