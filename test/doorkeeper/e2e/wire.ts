import type { BrowserContext, Request } from '@playwright/test'

/** What a browser asked servers for. */
export interface Wire {
  /** Every address, in this order. */
  readonly addresses: readonly string[]
  /** The requests to one path, such as `/oauth/token`. */
  to(path: string): readonly Request[]
}

/** Writes down what all pages of a browser ask for from now on. */
export function listen(context: BrowserContext): Wire {
  const requests: Request[] = []
  context.on('request', (request) => requests.push(request))
  return {
    get addresses() {
      return requests.map((request) => request.url())
    },
    to: (path) => requests.filter((request) => new URL(request.url()).pathname === path),
  }
}

/** The parameters that a request sent in a form. */
export const formOf = (request: Request | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(request?.postData() ?? ''))

/** What the page asked the API for, and how it showed its token there. */
export const shown = (wire: Wire) =>
  Promise.all(
    wire
      .to('/api/v4/user')
      .filter((request) => request.method() === 'GET')
      .map(async (request) => {
        const { search } = new URL(request.url())
        const { authorization, 'private-token': personal } = await request.allHeaders()
        return { search, authorization, personal }
      }),
  )
