import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type Handler, toNodeListener } from '../../../src/node/index.ts'
import { type Built, buildPage } from '../oidc-provider/build.ts'
import { close, listen } from '../oidc-provider/listen.ts'
import type { Settings } from './page/clients.ts'

const PAGE = fileURLToPath(new URL('./page', import.meta.url))

/** What one test has below its own path. */
export interface Mounted {
  readonly settings: Settings
  /** Where the page may send requests, in the words of Content Security Policy. */
  readonly connect: string
  /** Answers below `auth/`. */
  readonly backend: Handler | undefined
  readonly forge: Handler
}

/** One server for the pages and their backends, and one on another site for the forges. */
export type Servers = Awaited<ReturnType<typeof startServers>>

const idOf = (url: string | undefined) => /^\/([^/?]*)/.exec(url ?? '')?.[1] ?? ''
const nothing = () => new Response(null, { status: 404 })

/** Starts both servers; every test mounts what it needs below a path of its own. */
export async function startServers() {
  const files = await buildPage(PAGE)
  const mounts = new Map<string, Mounted>()
  const forges = createServer((req, res) =>
    toNodeListener(mounts.get(idOf(req.url))?.forge ?? nothing)(req, res),
  )
  const pages = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '', 'http://page')
    const id = idOf(req.url)
    const { backend, settings, connect } = mounts.get(id) ?? {}
    if (backend && pathname.startsWith(`/${id}/auth/`)) return toNodeListener(backend)(req, res)
    res.writeHead(200, {
      'content-type': pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8',
      // What it takes to run under a strict policy: no inline script, no eval, no sink for text.
      'content-security-policy': `default-src 'none'; script-src 'self'; img-src data:; require-trusted-types-for 'script'; connect-src ${connect}`,
    })
    res.end(files.get(pathname) ?? withSettings(files, settings))
  })
  return {
    app: `http://localhost:${await listen(pages)}`,
    forge: `http://127.0.0.1:${await listen(forges)}`,
    mounts,
    close: () => Promise.all([close(pages), close(forges)]),
  }
}

const withSettings = (files: Built, settings: Settings | undefined) =>
  `${files.get('/index.html')}`.replace(
    /(id="settings">)\{\}/,
    (_, tag) => tag + JSON.stringify(settings ?? {}).replaceAll('<', '\\u003c'),
  )
