import { describe, expect, it } from 'vitest'
import { type App, json, startBff } from './app.ts'
import type { Send } from './browser.ts'

const call = ({ browser }: App, init: Send = {}) => browser.send('/auth/api/gitlab/projects', init)

async function startSignedIn() {
  const app = startBff()
  await app.signIn()
  return app
}

describe('what the API hears of a call', () => {
  it('is what it asks for, and the token; nothing of the browser, its cookies and its way', async () => {
    const app = await startSignedIn()
    const wanted = {
      accept: 'application/json',
      'accept-language': 'de',
      'content-type': 'text/plain',
      'if-none-match': '"x"',
      'idempotency-key': '1',
      range: 'bytes=0-9',
    }
    const unwanted = {
      authorization: 'Bearer mine',
      'proxy-authorization': 'Basic mine',
      'private-token': 'mine',
      'job-token': 'mine',
      sudo: 'root',
      cookie: 'theirs=1; mine=2',
      'x-csrf-token': 'x',
      forwarded: 'for=10.0.0.1',
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-prefix': '/evil',
      'x-real-ip': '10.0.0.1',
      'x-original-url': '/admin',
      'x-rewrite-url': '/admin',
      'x-http-method-override': 'DELETE',
      'x-method-override': 'DELETE',
      via: '1.1 x',
      referer: 'https://www.app.example/here?code=canary',
      te: 'trailers',
      'keep-alive': 'timeout=5',
      'x-anything': 'x',
    }
    const { cookie, ...rest } = unwanted
    const header = app.browser.jar.cookies.keys().next().value
    expect(header).toContain('session')
    app.browser.jar.plant('theirs', cookie)
    await call(app, { method: 'POST', body: 'x', headers: { ...wanted, ...rest } })
    const [sent] = app.calls()
    expect(Object.fromEntries(sent?.request.headers ?? [])).toEqual({
      ...wanted,
      authorization: 'Bearer canary-access-1',
    })
    expect(sent?.request).toMatchObject({ method: 'POST', credentials: 'omit', redirect: 'manual' })
    expect(sent?.url.href).not.toMatch(/canary/)
  })

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])('is the method %s', async (method) => {
    const app = await startSignedIn()
    const body = /GET|HEAD/.test(method) ? undefined : '{"a":1}'
    await call(app, { method, ...(body && { body }) })
    const [sent] = app.calls()
    expect(sent?.request.method).toBe(method)
    expect(await sent?.request.text()).toBe(body ?? '')
  })
})

describe('what the page hears of an answer', () => {
  it('is what it is about, and nothing that a browser or a server on the way would obey', async () => {
    const app = await startSignedIn()
    const wanted = {
      'content-type': 'application/json',
      'content-disposition': 'attachment',
      etag: '"x"',
      'x-total': '3',
      'x-next-page': '2',
      'ratelimit-remaining': '9',
      'x-ratelimit-limit': '10',
      'retry-after': '1',
    }
    const unwanted = {
      'set-cookie': '__Host-forgepass.session.gitlab=evil; Secure; Path=/',
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': '*',
      'x-accel-redirect': '/internal/secret',
      'x-accel-buffering': 'no',
      'x-sendfile': '/etc/passwd',
      'service-worker-allowed': '/',
      'www-authenticate': 'Basic',
      'proxy-authenticate': 'Basic',
      'strict-transport-security': 'max-age=0',
      'clear-site-data': '"*"',
      'content-security-policy': "default-src 'unsafe-inline'",
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'none',
      'referrer-policy': 'unsafe-url',
      'cache-control': 'public, max-age=1000',
      refresh: '0; url=https://evil.example',
      location: 'https://evil.example',
      server: 'x',
      'forgepass-error': 'session_required',
      'alt-svc': 'h3=":443"',
    }
    app.answers.api = () => json([], { headers: { ...wanted, ...unwanted } })
    const answer = await call(app)
    expect(Object.fromEntries(answer.headers)).toEqual({
      ...wanted,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "sandbox; default-src 'none'",
    })
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it.each(['text/html', 'image/svg+xml', 'text/javascript', 'application/xhtml+xml'])(
    'runs nothing as the application, whatever it says it is: %s',
    async (type) => {
      const app = await startSignedIn()
      app.answers.api = () => new Response('<script>1</script>', { headers: { 'content-type': type } })
      const { headers } = await call(app)
      expect(headers.get('content-type')).toBe(type)
      expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  it('is no service worker', async () => {
    const app = await startSignedIn()
    const answer = await call(app, { headers: { 'service-worker': 'script' } })
    expect(answer.status).toBe(400)
    expect(app.calls()).toEqual([])
  })

  it.each([301, 302, 303, 307, 308])(
    'is a redirect %i that nobody followed, and leads nowhere',
    async (status) => {
      const app = await startSignedIn()
      app.answers.api = () =>
        new Response('gone', { status, headers: { location: 'https://evil.example/steal' } })
      const answer = await call(app)
      expect(answer.status).toBe(status)
      expect(answer.headers.has('location')).toBe(false)
      expect(app.calls()).toHaveLength(1)
    },
  )

  it.each([201, 204, 304, 400, 403, 404, 409, 418, 422, 429, 500, 503])(
    'has the status %i',
    async (status) => {
      const app = await startSignedIn()
      const body = /204|304/.test(`${status}`) ? null : '{"message":"so"}'
      app.answers.api = () => new Response(body, { status })
      const answer = await call(app)
      expect(answer.status).toBe(status)
      expect(await answer.text()).toBe(body ?? '')
      expect(answer.headers.has('forgepass-error')).toBe(false)
    },
  )

  it('has links that lead through the proxy, and others as they are', async () => {
    const app = await startSignedIn()
    const link = (base: string) =>
      `<${base}projects?page=2>; rel="next", <${base}projects?page=9>; rel="last"`
    const other = ', <https://gitlab.example/help>; rel="help", <https://evil.example/api/v4/>; rel="x"'
    app.answers.api = () => json([], { headers: { link: link('https://gitlab.example/api/v4/') + other } })
    const { headers } = await call(app)
    expect(headers.get('link')).toBe(link('https://www.app.example/auth/api/gitlab/') + other)
  })
})

describe('a call of somebody who is not signed in', () => {
  it('is answered 401 with JSON, and leads nowhere', async () => {
    const app = startBff()
    const answer = await call(app)
    expect(answer.status).toBe(401)
    expect(answer.headers.has('location')).toBe(false)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(await answer.json()).toEqual({ error: 'session_required', hint: 'Sign in first.' })
    await app.signIn('gitkraken')
    expect((await call(app)).status).toBe(401)
    expect(app.calls()).toEqual([])
  })

  it('knows no forge that is not there', async () => {
    const app = await startSignedIn()
    for (const name of ['nobody', '__proto__', ''])
      expect((await app.browser.send(`/auth/api/${name}/user`)).status).toBe(404)
    expect((await app.browser.send('/auth/api/gitlab')).status).toBe(404)
  })
})
