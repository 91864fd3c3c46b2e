import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { OAuthError } from '../../src/index.ts'
import { type Answer, expectRefusal, failure, startApp } from './app.ts'

const unreachable: Answer = () => {
  throw new TypeError('Failed to fetch')
}

describe('a token endpoint that cannot be asked', () => {
  it('is cors_blocked if it is up, with the address in the hint', async () => {
    const app = startApp()
    app.answers.token = unreachable
    const error = await failure(app.client.callback(app.back(await app.start())))
    const endpoint = `${app.base}/oauth/token`
    expect(error).toMatchObject({ code: 'cors_blocked', hint: expect.stringContaining(endpoint) })
    expect(error.hint).toMatch(/CORS/)
    const [probe] = app.sent.filter(({ request }) => request.method === 'GET')
    expect(probe?.request).toMatchObject({ mode: 'no-cors', url: endpoint })
    expect([...(probe?.body ?? [])]).toEqual([])
    expect(app.exchanges()).toHaveLength(1)
  })

  it('is network_error if nothing answers', async () => {
    const app = startApp()
    app.answers.token = unreachable
    app.answers.probe = unreachable
    const error = await failure(app.client.callback(app.back(await app.start())))
    expect(error).toMatchObject({
      code: 'network_error',
      hint: expect.stringContaining(`${app.base}/oauth/token`),
    })
    expect(app.exchanges()).toHaveLength(1)
  })

  it('is a timeout if it does not answer in time, and burns the transaction', async () => {
    await expectRefusal({
      app: { timeout: 20 },
      token: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      code: 'timeout',
      transaction: 'burnt',
    })
  })

  it('is not asked twice, and burns the transaction', async () => {
    await expectRefusal({ token: unreachable, code: 'cors_blocked', transaction: 'burnt' })
  })
})

describe('a token endpoint on a real server', () => {
  let server: Server | undefined
  afterEach(async () => {
    server?.closeAllConnections()
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(0)))
    server = undefined
  })

  /** Signs in at a real server that answers like this; gives what came of it and what was asked. */
  async function signIn(answer: RequestListener, timeout = 5000) {
    const asked: { method?: string | undefined; url?: string | undefined; body: string }[] = []
    server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      asked.push({ method: request.method, url: request.url, body })
      answer(request, response)
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const redirect_uri = `https://app.example/callback/${base.split(':')[2]}`
    const app = startApp({ place: { base, redirect_uri }, fetch: globalThis.fetch, timeout })
    const result = await app.client.callback(app.back(await app.start())).catch((error: OAuthError) => error)
    return { result, asked, app }
  }
  const good = JSON.stringify({ access_token: 'AT', token_type: 'bearer' })
  const type = { 'content-type': 'application/json' }

  it('signs in', async () => {
    const { result } = await signIn((_, response) => response.writeHead(200, type).end(good))
    expect(result).toMatchObject({ session: { scope: 'read_user' } })
  })

  it('H38: is left alone after 1 MiB', async () => {
    let written = 0
    let closed = false
    const { result } = await signIn((_, response) => {
      const chunk = Buffer.alloc(65_536, 0x20)
      response.on('close', () => {
        closed = true
      })
      response.writeHead(200, type)
      const more = () => {
        if (closed || written >= 10 << 20) return response.end(good)
        written += chunk.length
        response.write(chunk, () => setImmediate(more))
        return
      }
      more()
    })
    expect(result).toMatchObject({ code: 'response_too_large' })
    await expect.poll(() => closed, { interval: 5, timeout: 4000 }).toBe(true)
    expect(written).toBeLessThan(10 << 20)
  })

  it('H38: may not send a bomb of 1 GiB in 1 MB', async () => {
    // 64 gzip members of 16 MiB each are one valid stream.
    const bomb = Buffer.concat(Array(64).fill(gzipSync(Buffer.alloc(1 << 24, 0x20), { level: 9 })))
    const before = process.memoryUsage().rss
    const { result } = await signIn((_, response) => {
      response.writeHead(200, { ...type, 'content-encoding': 'gzip' }).end(bomb)
    })
    expect(result).toMatchObject({ code: 'response_too_large' })
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20)
  })

  it('H38: may send 1 MiB', async () => {
    const body = good.padEnd(1 << 20, ' ')
    const { result } = await signIn((_, response) => response.writeHead(200, type).end(body))
    expect(result).toMatchObject({ session: { scope: 'read_user' } })
  })

  it('H39: has one deadline for slow headers', async () => {
    const started = performance.now()
    const { result } = await signIn(() => {}, 60)
    expect(result).toMatchObject({ code: 'timeout' })
    expect(performance.now() - started).toBeLessThan(4000)
  })

  it('H39: has the same deadline for a slow body, and is let go', async () => {
    let closed = false
    const started = performance.now()
    const { result } = await signIn((_, response) => {
      response.writeHead(200, type)
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => {
        clearInterval(timer)
        closed = true
      })
    }, 100)
    expect(result).toMatchObject({ code: 'timeout' })
    expect(performance.now() - started).toBeLessThan(4000)
    await expect.poll(() => closed, { interval: 5, timeout: 4000 }).toBe(true)
  })

  it('H40: is invalid_json with half an object', async () => {
    const { result } = await signIn((_, response) => response.writeHead(200, type).end(good.slice(0, -5)))
    expect(result).toMatchObject({ code: 'invalid_json' })
  })

  it('H40: is a network_error with a body that is cut off', async () => {
    const { result, asked } = await signIn((_, response) => {
      response.writeHead(200, { ...type, 'content-length': '1000' })
      response.write(good, () => response.destroy())
    })
    expect(result).toMatchObject({ code: 'network_error' })
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it.each([301, 302, 307, 308])('security 20: may not send the request on with %i', async (status) => {
    const { result, asked } = await signIn((request, response) => {
      if (request.url === '/elsewhere') response.writeHead(200, type).end(good)
      else response.writeHead(status, { location: '/elsewhere' }).end()
    })
    expect(result).toMatchObject({ name: 'OAuthError' })
    const elsewhere = asked.filter(({ url }) => url === '/elsewhere')
    expect(elsewhere.filter(({ method, body }) => method === 'POST' || body)).toEqual([])
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})
