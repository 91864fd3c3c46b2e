import { createServer } from 'node:http'
import type { Built } from './build.ts'
import { close, listen } from './listen.ts'
import type { Settings } from './page/main.ts'

const types: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript' }

/** Serves a built page; its own address is the callback too, as in any single-page application. */
export async function servePage(files: Built) {
  let settings: Settings | undefined
  const http = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '', 'http://page')
    const path = files.has(pathname) ? pathname : '/index.html'
    const file = files.get(path) ?? ''
    // What it takes to run under a strict policy: no inline script, no eval, no sink for text.
    const policy = `default-src 'none'; script-src 'self'; img-src data:; require-trusted-types-for 'script'; connect-src ${settings?.metadata.issuer}`
    res.writeHead(200, {
      'content-type': types[path.split('.').pop() ?? ''] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    res.end(path === '/index.html' ? withSettings(`${file}`, settings) : file)
  })
  const origin = `http://127.0.0.1:${await listen(http)}`
  return {
    origin,
    configure(next: Settings) {
      settings = next
    },
    close: () => close(http),
  }
}

const withSettings = (html: string, settings: Settings | undefined) =>
  html.replace(/(id="settings">)\{\}/, (_, tag) => tag + JSON.stringify(settings).replaceAll('<', '\\u003c'))
