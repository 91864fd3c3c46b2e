import type { PreviewServer, ViteDevServer } from 'vite'
import { type BffOptions, createBff, OAuthError } from '../bff/index.ts'
import { toNodeListener } from '../node/index.ts'
import { isBelow } from './mount.ts'

/** The options of a BFF but for its origin, which is that of the Vite server; or what makes them for it. */
export type BffOption =
  | Omit<BffOptions, 'publicOrigin'>
  | ((publicOrigin: string) => Omit<BffOptions, 'publicOrigin'>)

type Server = Pick<ViteDevServer | PreviewServer, 'config' | 'middlewares' | 'resolvedUrls'>

/** A BFF, or what stands in for one that cannot be made, by the path that it is mounted under. */
interface Mounted {
  readonly basePath: string
  readonly listener: ReturnType<typeof toNodeListener>
}

const DEFAULT_PATH = '/auth'

/** Answers everything with what is wrong, in the shape of the BFF's own errors. */
const refusal = ({ code, hint }: OAuthError) =>
  toNodeListener(() =>
    Response.json(
      { error: code, hint },
      { status: 500, headers: { 'forgepass-error': code, 'cache-control': 'no-store' } },
    ),
  )

/** Names the origin that the server itself knows; a request could claim any. */
function originOf({ resolvedUrls }: Server): string | undefined {
  const url = resolvedUrls?.local[0] ?? resolvedUrls?.network[0]
  return url && new URL(url).origin
}

/** Takes an error of the options as it is; those of others may hold what is not for a page. */
const toOAuthError = (error: unknown) =>
  error instanceof OAuthError
    ? error
    : new OAuthError('server_error', {
        hint: 'The options of the BFF could not be made: the terminal says why.',
      })

function create(
  option: BffOption,
  { server, publicOrigin }: { server: Server; publicOrigin: string },
): Mounted {
  let basePath = DEFAULT_PATH
  try {
    const options = typeof option === 'function' ? option(publicOrigin) : option
    basePath = options.basePath ?? basePath
    const bff = createBff({ ...options, publicOrigin })
    return { basePath, listener: toNodeListener(bff.fetch) }
  } catch (error) {
    server.config.logger.error(`forgepass: ${error instanceof Error ? error.message : error}`)
    return { basePath, listener: refusal(toOAuthError(error)) }
  }
}

/**
 * Mounts a BFF behind Vite's own checks of who is asking. It is made at the first request, for only then its origin is known.
 */
export function mountBff(server: Server, option: BffOption): void {
  let mounted: Mounted | undefined
  server.middlewares.use((req, res, next) => {
    const publicOrigin = originOf(server)
    if (!publicOrigin) return next()
    mounted ??= create(option, { server, publicOrigin })
    return isBelow(mounted.basePath, req.url) ? mounted.listener(req, res) : next()
  })
}
