/** The part of oidc-provider that the tests use; it brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  export interface Context {
    readonly method: string
    readonly path: string
    readonly headers: IncomingHttpHeaders
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly response: { readonly headers: Readonly<Record<string, string | string[]>> }
    /** Absent before the provider has seen the request. */
    readonly oidc?: { readonly body?: Record<string, string>; readonly params?: Record<string, string> }
    status: number
    type: string
    body: unknown
    set(headers: Record<string, string>): void
    redirect(url: string): void
  }

  export interface Interaction {
    readonly params: Readonly<Record<string, string>>
  }

  export interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  export interface StoredToken {
    readonly accountId: string
    destroy(): Promise<void>
  }

  export default class Provider {
    constructor(issuer: string, configuration: object)
    readonly Grant: new (owner: {
      accountId: string
      clientId: string | undefined
    }) => Grant
    /** Finds no token that has expired. */
    readonly AccessToken: { find(value: string): Promise<StoredToken | undefined> }
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): void
    callback(): RequestListener
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>
    interactionResult(req: IncomingMessage, res: ServerResponse, result: object): Promise<string>
  }
}
