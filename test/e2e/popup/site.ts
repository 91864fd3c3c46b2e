import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, createServer as createTcpServer, type Socket } from 'node:net'
import type { Built } from '../oidc-provider/build.ts'
import { close, listen } from '../oidc-provider/listen.ts'
import type { Settings } from './page/main.ts'

const types: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript' }

/** Everything that went over the wire between browsers and a server, byte for byte. */
export interface Recorded {
  readonly port: number
  readonly text: () => string
  readonly close: () => Promise<void>
}

/** Puts a server behind a socket of its own that writes down what passes, both ways. */
export async function record(server: Server): Promise<Recorded> {
  const behind = await listen(server)
  const chunks: Buffer[] = []
  const sockets = new Set<Socket>()
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', (chunk) => chunks.push(chunk))
    from.on('error', () => to.destroy())
    from.on('close', () => sockets.delete(from))
    from.pipe(to)
  }
  const front = createTcpServer((socket) => {
    const inner = connect(behind, '127.0.0.1')
    pass(socket, inner)
    pass(inner, socket)
  })
  const port = await listen(front as Server)
  const end = async () => {
    for (const socket of sockets) socket.destroy()
    await front[Symbol.asyncDispose]()
    await close(server)
  }
  return { port, text: () => Buffer.concat(chunks).toString('latin1'), close: end }
}

/** A page and what it is served with; both may change while it is up. */
export type Site = Awaited<ReturnType<typeof serveSite>>

/** Serves a built page at http://localhost, its callback included, and a backend below `/auth`. */
export async function serveSite(files: Built) {
  let settings: Settings | undefined
  let backend: RequestListener | undefined
  const headers: Record<string, string> = {}
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '', 'http://page')
    if (backend && pathname.startsWith('/auth/')) return backend(req, res)
    const path = files.has(pathname) ? pathname : '/index.html'
    const file = files.get(path) ?? ''
    res.writeHead(200, {
      'content-type': types[path.split('.').pop() ?? ''] ?? 'application/octet-stream',
      'cache-control': 'no-store',
      ...headers,
    })
    res.end(path === '/index.html' ? withSettings(`${file}`, settings) : file)
  })
  const recorded = await record(server)
  return {
    ...recorded,
    origin: `http://localhost:${recorded.port}`,
    /** What every answer of the page carries besides, such as a `Cross-Origin-Opener-Policy`. */
    headers,
    configure(next: Settings) {
      settings = next
    },
    mount(listener: RequestListener) {
      backend = listener
    },
  }
}

const withSettings = (html: string, settings: Settings | undefined) =>
  html.replace(/(id="settings">)\{\}/, (_, tag) => tag + JSON.stringify(settings).replaceAll('<', '\\u003c'))
