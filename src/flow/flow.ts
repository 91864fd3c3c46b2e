/** What a flow is told of the sign-in it carries. */
export interface FlowContext {
  readonly state: string
  readonly redirect_uri: string
  readonly signal: AbortSignal
  /** Milliseconds since the epoch after which the response is refused. */
  readonly deadline: number
}

/**
 * How the person gets to the authorization server and back. The address comes as a promise, because a popup must open
 * inside the click; resolves with the address the person came back on, or never if this page is left for it.
 */
export type Flow = (url: Promise<URL>, context: FlowContext) => Promise<URL>
