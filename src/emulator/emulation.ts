import type { CorsRule } from './cors.ts'
import type { Route } from './message.ts'
import type { Store, StoreDefaults } from './store.ts'

/** What makes one kind of forge differ from another. */
export interface Emulation {
  /** What people call it, such as `GitLab`. */
  readonly name: string
  /** The name of its web session's cookie. */
  readonly cookie: string
  /** Where people sign in to it, as a path, and out of it. */
  readonly signInPath: string
  readonly signOutPath: string
  /** Its authorization endpoint and its token endpoint (RFC 6749 section 3), as paths. */
  readonly authorizationPath: string
  readonly tokenPath: string
  /** What the paths of its API begin with. */
  readonly apiPaths: readonly string[]
  /** Its routes by method and path, such as `GET /oauth/authorize`. */
  readonly routes: Readonly<Record<string, Route>>
  readonly cors: readonly CorsRule[]
  /** Which of two equal parameters counts, one in the query and one in the body: Rails takes the first. Default: the body's. */
  readonly queryWins?: true
  /** Answers what no route answers. */
  readonly missing: Route
  /** Forgets what people have agreed to, where that is more than tokens. */
  revokeAll?(): void
}

/** One kind of forge: what it holds by default, and how it answers. */
export interface ForgeKind extends StoreDefaults {
  emulate(store: Store): Emulation
}
