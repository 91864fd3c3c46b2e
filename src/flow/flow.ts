/** What a flow is told of the sign-in it carries. */
export interface FlowContext {
  /** Absent where the BFF keeps it: a flow that has to know its response makes one and sends it as `relay`. */
  readonly state?: string
  readonly redirect_uri: string
  readonly signal: AbortSignal
  /** Milliseconds since the epoch after which the response is refused. Default: in 10 minutes. */
  readonly deadline?: number
  /** Tells the app's subscribers that the person may have closed the window; the sign-in goes on. */
  readonly notify?: (event: 'maybe_closed') => void
}

/**
 * How the person gets to the authorization server and back. The address comes as a promise, because a popup must open
 * inside the click; resolves with the address the person came back on, or never if this page is left for it.
 */
export interface Flow {
  (url: Promise<URL>, context: FlowContext): Promise<URL>
  /** On the page that a person comes back to in another window: hands its address to the window that waits, and tells whether that took it. */
  readonly relay?: (url: URL) => Promise<boolean>
}
