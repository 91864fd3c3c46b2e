import { createServer, type IncomingMessage, type RequestListener, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { toNodeListener } from '../../src/node/index.ts'

const servers = new Set<ReturnType<typeof createServer>>()

afterEach(() => {
  for (const server of servers) server.close()
  servers.clear()
  vi.restoreAllMocks()
})

/** Serves a listener and gives its address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.add(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Calls a listener as Connect does below a mount: the path is cut and the whole one is kept beside it. */
const mounted =
  (prefix: string, listener: RequestListener): RequestListener =>
  (req, res) => {
    const { url = '' } = req
    Object.assign(req, { originalUrl: url, url: url.slice(prefix.length) || '/' })
    listener(req, res)
  }

const echo = toNodeListener(async (request) =>
  Response.json({ method: request.method, url: request.url, body: await request.text() }),
)

describe('toNodeListener', () => {
  test('gives the handler the method, the address and the body', async () => {
    const base = await serve(echo)
    const response = await fetch(`${base}/a/b?c=d`, { method: 'POST', body: 'hello' })
    expect(await response.json()).toEqual({ method: 'POST', url: `${base}/a/b?c=d`, body: 'hello' })
  })

  test('sees the whole path below a mount', async () => {
    const base = await serve(mounted('/auth', echo))
    expect((await (await fetch(`${base}/auth/login?x=1`)).json()).url).toBe(`${base}/auth/login?x=1`)
  })

  test('keeps every cookie, also those that were set before it', async () => {
    const handler = toNodeListener(() => {
      const headers: [string, string][] = [
        ['set-cookie', 'one=1; Path=/'],
        ['set-cookie', 'two=2; Path=/'],
      ]
      return new Response('ok', { headers })
    })
    const base = await serve((req, res) => {
      res.setHeader('x-host', 'yes')
      res.setHeader('set-cookie', ['host=0'])
      handler(req, res)
    })
    const response = await fetch(base)
    expect(response.headers.getSetCookie()).toEqual(['one=1; Path=/', 'two=2; Path=/', 'host=0'])
    expect(response.headers.get('x-host')).toBe('yes')
  })

  test.each([
    ['throws', () => expect.fail('token abc at /srv/app.ts')],
    ['rejects', () => Promise.reject(new Error('token abc at /srv/app.ts'))],
  ])('answers a bare 500 when the handler %s', async (_, handler) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const response = await fetch(await serve(toNodeListener(handler)))
    expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error'])
    expect(logged).toHaveBeenCalledOnce()
  })

  test('drops the connection when the handler loses it, and goes on', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const lost = Object.assign(new TypeError('gone'), { name: 'ConnectionLost' })
    const base = await serve(
      toNodeListener(({ url }) => (url.endsWith('/x') ? Promise.reject(lost) : new Response('on'))),
    )
    await expect(fetch(`${base}/x`)).rejects.toThrow('fetch failed')
    expect(await (await fetch(base)).text()).toBe('on')
    expect(logged).not.toHaveBeenCalled()
  })

  test('says so when the body was read before it', async () => {
    const base = await serve((req, res) => {
      req.resume()
      req.once('end', () => echo(req, res))
    })
    const response = await fetch(base, { method: 'POST', body: '{}' })
    expect(response.status).toBe(500)
    expect(await response.text()).toContain('mount it before body parsers')
  })

  test('redirects without following', async () => {
    const base = await serve(
      toNodeListener(() => new Response(null, { status: 302, headers: { location: 'app:/cb' } })),
    )
    const { headers, statusCode } = await new Promise<IncomingMessage>((resolve) => {
      send(base, resolve).end()
    })
    expect([statusCode, headers.location]).toEqual([302, 'app:/cb'])
  })

  test.each([
    ['a method that fetch forbids', { method: 'TRACE' }],
    ['a host that is none', { headers: { host: 'a b' } }],
  ])('answers 400 to %s, and goes on', async (_, odd) => {
    const base = await serve(echo)
    const { port } = new URL(base)
    const status = await new Promise((resolve, reject) => {
      send({ host: '127.0.0.1', port, path: '/', ...odd }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(400)
    expect((await fetch(base)).status).toBe(200)
  })
})
