import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, createServer, type PreviewServer, preview, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { forgepass } from '../../src/vite/index.ts'

const forges = { '/forge/gitlab': 'gitlab', '/other': createForge('gitlab', { basePath: '/other' }) } as const
const config = (root: string) => ({
  root,
  configFile: false as const,
  logLevel: 'silent' as const,
  plugins: [forgepass({ forges })],
})

let root = ''
let dev: ViteDevServer
let built: PreviewServer
const bases = { dev: '', preview: '' }

const addressOf = ({ httpServer }: Pick<ViteDevServer | PreviewServer, 'httpServer'>) => {
  const address = httpServer?.address()
  return `http://127.0.0.1:${address && typeof address === 'object' ? address.port : ''}`
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'forgepass-vite-'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>App</title>')
  const server = { host: '127.0.0.1', port: 0 }
  dev = await createServer({ ...config(root), server: { ...server, ws: false } })
  await dev.listen()
  await build(config(root))
  built = await preview({ ...config(root), preview: server })
  Object.assign(bases, { dev: addressOf(dev), preview: addressOf(built) })
}, 60_000)

afterAll(async () => {
  await Promise.all([dev.close(), built.close()])
  await rm(root, { recursive: true })
})

describe.each(['dev', 'preview'] as const)('the Vite %s server', (kind) => {
  const get = (path: string, init?: RequestInit) => fetch(bases[kind] + path, init)

  test('has the forges at their paths', async () => {
    for (const path of Object.keys(forges)) {
      const metadata = await (await get(`${path}/.well-known/oauth-authorization-server`)).json()
      expect(metadata.issuer).toBe(bases[kind] + path)
    }
  })

  test('takes a posted form', async () => {
    const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: 'x' })
    const response = await get('/forge/gitlab/oauth/token', { method: 'POST', body })
    expect([response.status, (await response.json()).error]).toEqual([401, 'invalid_client'])
  })

  test('still falls back to the page of the application', async () => {
    for (const path of ['/', '/callback?code=1', '/forge/gitlabs', '/forge']) {
      const response = await get(path, { headers: { accept: 'text/html' } })
      expect([response.status, await response.text()]).toEqual([
        200,
        expect.stringContaining('<title>App</title>'),
      ])
    }
  })

  test('leaves the answer to a preflight to the forge', async () => {
    const headers = {
      origin: 'http://localhost:9999',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-mine',
    }
    const response = await get('/forge/gitlab/oauth/token', { method: 'OPTIONS', headers })
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
  })
})

test.each([
  ['no slash in front', { forge: 'gitlab' }, 'must start with a slash'],
  ['a slash at the end', { '/forge/': 'gitlab' }, 'must start with a slash'],
  ['another basePath', { '/forge': createForge('gitlab') }, 'was created with the basePath ""'],
] as const)('a mount with %s is refused', (_, mounts, words) => {
  expect(() => forgepass({ forges: mounts })).toThrow(words)
})

test('a request by another name than this machine’s does not reach the forge', async () => {
  const { port } = new URL(bases.dev)
  const status = (host: string) =>
    new Promise((resolve, reject) => {
      const path = '/forge/gitlab/users/sign_in'
      request({ port, host: '127.0.0.1', path, headers: { host } }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end()
    })
  expect(await status('localhost:5173')).toBe(200)
  expect(await status('evil.example')).not.toBe(200)
})
