import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { Forge } from 'forgepass/emulator'
import { type Handler, toNodeListener } from 'forgepass/node'
import { build, type InlineConfig, type Plugin, preview } from 'vite'
import { freePort } from '../e2e/free-port.ts'
import { close, listen } from '../e2e/oidc-provider/listen.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const host = '127.0.0.1'

/** What is served on this machine alone. */
export interface Site {
  readonly origin: string
  close(): Promise<void>
}

/** Gives an origin that nobody has; a forge's is on another site. */
export const freeOrigin = async (): Promise<string> => `http://localhost:${await freePort()}`

/** Builds a site as any application is built, and serves it. */
async function serve(origin: string, { build: output, ...config }: InlineConfig): Promise<Site> {
  const inline: InlineConfig = { ...config, mode: 'production', logLevel: 'error' }
  const options = { ...output, emptyOutDir: true, target: 'es2022' }
  await build({ ...inline, build: options })
  const address = { host, port: Number(new URL(origin).port), strictPort: true }
  const server = await preview({ ...inline, build: options, preview: address })
  return { origin, close: () => server.close() }
}

/** Serves the demo with the policy that it is served under. */
export const serveDemo = async (): Promise<Site> =>
  serve(await freeOrigin(), {
    configFile: here('../../vite.config.ts'),
    build: { outDir: here('../../.cache/engines-demo') },
  })

/** Serves the page, which may know where its forge is, and below `/auth` what keeps its tokens. */
export const servePage = (origin: string, { forge, bff }: { forge?: string; bff?: Handler }): Promise<Site> =>
  serve(origin, {
    configFile: false,
    root: here('./page'),
    build: { outDir: here(`../../.cache/engines-page-${bff ? 'bff' : 'browser'}`) },
    resolve: { tsconfigPaths: true },
    define: { 'import.meta.env.VITE_FORGE': JSON.stringify(forge ?? '') },
    plugins: bff ? [mount(bff)] : [],
  })

const mount = (handler: Handler): Plugin => ({
  name: 'bff',
  configurePreviewServer: ({ middlewares }) => void middlewares.use('/auth', toNodeListener(handler)),
})

/** A forge on `http://127.0.0.1`, and all tokens it has given out. */
export interface ForgeServer extends Site {
  readonly tokens: readonly string[]
}

/** Serves a forge and writes down the tokens that it gives out. */
export async function serveForge({ fetch }: Forge): Promise<ForgeServer> {
  const tokens: string[] = []
  const answer = async (request: Request) => {
    const response = await fetch(request)
    const isAnswer = request.method === 'POST' && `${response.headers.get('content-type')}`.includes('json')
    const { access_token, refresh_token } = isAnswer ? await response.clone().json() : {}
    tokens.push(...[access_token, refresh_token].filter(Boolean))
    return response
  }
  const server = createServer(toNodeListener(answer))
  const origin = `http://${host}:${await listen(server)}`
  return { origin, tokens, close: () => close(server) }
}
