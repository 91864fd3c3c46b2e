import { createServer, type RequestListener } from 'node:http'
import type { Built } from './build.ts'
import { close, listen } from './listen.ts'
import type { Settings } from './page/main.ts'

const types: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript' }

/** What a page is set up with, and which origin it may speak to. */
export interface Setup {
  readonly settings: Settings
  /** In the words of Content Security Policy. */
  readonly connect: string
}

/** Serves a built page; its own address is the callback too, as in any single-page application. */
export async function servePage(files: Built, { name = '127.0.0.1' }: { name?: string } = {}) {
  let setup: Setup | undefined
  let backend: RequestListener | undefined
  const http = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '', 'http://page')
    if (backend && pathname.startsWith('/auth/')) return backend(req, res)
    const path = files.has(pathname) ? pathname : '/index.html'
    const file = files.get(path) ?? ''
    // What it takes to run under a strict policy: no inline script, no eval, no sink for text.
    const policy = `default-src 'none'; script-src 'self'; img-src data:; require-trusted-types-for 'script'; connect-src ${setup?.connect}`
    res.writeHead(200, {
      'content-type': types[path.split('.').pop() ?? ''] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    res.end(path === '/index.html' ? withSettings(`${file}`, setup?.settings) : file)
  })
  const origin = `http://${name}:${await listen(http)}`
  return {
    origin,
    configure(next: Setup) {
      setup = next
    },
    /** Lets a backend answer below `/auth`. */
    mount(listener: RequestListener) {
      backend = listener
    },
    close: () => close(http),
  }
}

const withSettings = (html: string, settings: Settings | undefined) =>
  html.replace(/(id="settings">)\{\}/, (_, tag) => tag + JSON.stringify(settings).replaceAll('<', '\\u003c'))
