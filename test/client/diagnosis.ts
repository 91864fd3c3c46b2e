import { afterEach } from 'vitest'
import { type CheckId, type DiagnoseOptions, type Diagnosis, diagnose } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { json } from './app.ts'

/** What a check came to: `undefined` where nothing was shown. */
export type Marks = Partial<Record<CheckId, boolean | undefined>>

export const base = 'https://forge.example'
export const redirect_uri = 'https://app.example/callback'

afterEach(() => Reflect.deleteProperty(globalThis, 'isSecureContext'))

/** Makes this a page until the end of the test: what a browser has and Node has not. */
export const becomePage = (isSecureContext = true): void => {
  Object.defineProperty(globalThis, 'isSecureContext', { value: isSecureContext, configurable: true })
}

/** Fetches as a page of another origin does: what the server does not share is a TypeError. */
export const fetchAsPage =
  (serve: (request: Request) => Response | Promise<Response>): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    request.headers.set('origin', 'https://app.example')
    const response = await serve(request)
    const isShared = response.headers.get('access-control-allow-origin') === '*'
    if (!isShared && request.mode !== 'no-cors') throw new TypeError('Failed to fetch')
    return response
  }

/** The checks by their names, and all that was said. */
export function read({ checks }: Diagnosis) {
  const marks: Marks = Object.fromEntries(checks.map(({ id, ok }) => [id, ok]))
  const says = Object.fromEntries(checks.map(({ id, says }) => [id, says])) as Record<CheckId, string>
  const hints = Object.fromEntries(checks.map(({ id, hint }) => [id, hint]))
  return { marks, says, hints }
}

/** Diagnoses an application at a forge, a GitLab if no other. */
export const check = async (options: Partial<DiagnoseOptions> & Pick<DiagnoseOptions, 'fetch'>) =>
  read(await diagnose({ provider: gitlab({ base }), client_id: 'forgepass-demo', redirect_uri, ...options }))

/** Answers every request with these words. */
export const refusing =
  (error: string, { status = 400, description = '' } = {}): typeof fetch =>
  async () =>
    json({ error, ...(description && { error_description: description }) }, { status })
