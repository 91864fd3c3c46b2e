import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  build,
  createLogger,
  createServer,
  type Logger,
  type PreviewServer,
  preview,
  type ViteDevServer,
} from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { defineProvider, gitlab } from '../../src/provider/index.ts'
import { type BffOption, forgepass } from '../../src/vite/index.ts'

const client_secret = 'the-secret-of-this-application'
const cookieSecret = 'a-cookie-secret-of-32-characters'
const bff = (origin: string) => {
  const forge = gitlab({ base: `${origin}/forge/gitlab` })
  return {
    providers: { gitlab: { provider: forge, client_id: 'forgepass-demo', client_secret } },
    cookieSecret,
  }
}

const errors: string[] = []
const customLogger: Logger = { ...createLogger('silent'), error: (line) => void errors.push(line) }
const config = (option: BffOption) => ({
  root,
  configFile: false as const,
  logLevel: 'silent' as const,
  customLogger,
  plugins: [forgepass({ forges: { '/forge/gitlab': 'gitlab' }, bff: option })],
})
const at = { host: 'localhost', port: 0 }

let root = ''
const running: (ViteDevServer | PreviewServer)[] = []

async function startDev(option: BffOption) {
  const server = await createServer({ ...config(option), server: { ...at, ws: false } })
  await server.listen()
  running.push(server)
  return server
}

async function startPreview(option: BffOption) {
  await build(config(option))
  const server = await preview({ ...config(option), preview: at })
  running.push(server)
  return server
}

const originOf = ({ resolvedUrls }: ViteDevServer | PreviewServer) =>
  new URL(`${resolvedUrls?.local[0]}`).origin

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'forgepass-vite-bff-'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>App</title>')
})
beforeEach(() => {
  errors.length = 0
})
afterAll(async () => {
  await Promise.all(running.map((server) => server.close()))
  await rm(root, { recursive: true })
})

describe.each([
  ['dev', startDev],
  ['preview', startPreview],
])('the Vite %s server', (_, start) => {
  let origin = ''
  beforeAll(async () => {
    origin = originOf(await start(bff))
  })
  const own = { 'forgepass-csrf': '1' }

  // The first request of this server: what comes later would find the BFF made.
  test('sends people to the forge beside it, and back to itself, whatever the name they came by', async () => {
    const { port } = new URL(origin)
    const headers = { host: `127.0.0.1:${port}` }
    const location = await new Promise<string>((resolve, reject) => {
      request({ host: 'localhost', port, path: '/auth/login/gitlab', headers }, (response) =>
        resolve(`${response.resume().headers.location}`),
      )
        .on('error', reject)
        .end()
    })
    const url = new URL(location)
    expect(url.origin + url.pathname).toBe(`${origin}/forge/gitlab/oauth/authorize`)
    expect(url.searchParams.get('redirect_uri')).toBe(`${origin}/auth/callback/gitlab`)
  })

  test('answers for the BFF', async () => {
    const response = await fetch(`${origin}/auth/session`, { headers: own })
    expect([response.status, await response.json()]).toEqual([200, {}])
  })

  test('lets no page of another origin in', async () => {
    const from = { origin: 'http://localhost:9999' }
    const asked = {
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'forgepass-csrf',
    }
    const strange = { origin: 'https://evil.example' }
    const preflight = await fetch(`${origin}/auth/session`, {
      method: 'OPTIONS',
      headers: { ...strange, ...asked },
    })
    expect(preflight.headers.get('access-control-allow-origin')).not.toBe('https://evil.example')
    expect(preflight.headers.has('access-control-allow-credentials')).toBe(false)
    for (const headers of [{ ...own, ...from }, { ...own, ...strange }, {}])
      expect((await fetch(`${origin}/auth/session`, { headers })).status).toBe(403)
  })

  test('lets nobody in by a borrowed name', async () => {
    const { port } = new URL(origin)
    const headers = { ...own, host: `evil.example:${port}` }
    const answered = await new Promise((resolve, reject) => {
      request({ host: 'localhost', port, path: '/auth/session', headers }, (response) =>
        resolve([response.resume().statusCode, response.headers['cache-control']]),
      )
        .on('error', reject)
        .end()
    })
    expect(answered).toEqual([403, undefined])
  })

  test('still falls back to the page of the application', async () => {
    for (const path of ['/', '/callback?code=1', '/author', '/authors/1']) {
      const response = await fetch(origin + path, { headers: { accept: 'text/html' } })
      expect([response.status, await response.text()]).toEqual([
        200,
        expect.stringContaining('<title>App</title>'),
      ])
    }
  })
})

test('the BFF is where its basePath says', async () => {
  const origin = originOf(
    await startDev((publicOrigin) => ({ ...bff(publicOrigin), basePath: '/api/sign-in' })),
  )
  const get = (path: string) =>
    fetch(origin + path, { headers: { 'forgepass-csrf': '1', accept: 'text/html' } })
  expect(await (await get('/api/sign-in/session')).json()).toEqual({})
  expect(await (await get('/auth/session')).text()).toContain('<title>App</title>')
})

test('options that need no origin need no function', async () => {
  const origin = originOf(await startDev(bff('https://app.example')))
  expect((await fetch(`${origin}/auth/session`, { headers: { 'forgepass-csrf': '1' } })).status).toBe(200)
})

const plain = defineProvider({
  name: 'Plain',
  issuer: 'https://forge.example',
  authorization_endpoint: 'http://forge.example/authorize',
  token_endpoint: 'https://forge.example/token',
})
test.each<[string, BffOption, object, string]>([
  [
    'a setting is wrong',
    { ...bff('https://app.example'), cookieSecret: 'short' },
    { error: 'invalid_options', hint: expect.stringMatching(/^Give a cookieSecret of 32 random characters/) },
    'Give a cookieSecret of 32 random characters',
  ],
  [
    'a provider is wrong',
    { providers: { plain: { provider: plain, client_id: 'app', client_secret } }, cookieSecret },
    { error: 'invalid_options', hint: expect.stringContaining('Give "plain" https addresses') },
    'Give "plain" https addresses',
  ],
  [
    'the function fails',
    () => {
      throw new Error('no such file: /home/ada/secret')
    },
    { error: 'server_error', hint: 'The options of the BFF could not be made: the terminal says why.' },
    'forgepass: no such file: /home/ada/secret',
  ],
])('if %s, terminal and page are told, and the application goes on', async (_, option, body, line) => {
  const origin = originOf(await startDev(option))
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`${origin}/auth/session`, { headers: { 'forgepass-csrf': '1' } })
    expect([response.status, await response.json()]).toEqual([500, body])
  }
  expect(errors).toEqual([expect.stringContaining(line)])
  expect((await fetch(origin, { headers: { accept: 'text/html' } })).status).toBe(200)
})
