import { expect } from 'vitest'
import { type Changes, PROVIDERS, sealOf, startBff } from './app.ts'
import type { Send } from './browser.ts'

export const CALLBACK = '/auth/callback/gitlab'
const JSON_BODY = { 'content-type': 'application/json' }

/** A BFF whose GitLab shows codes to copy, as GitShare does. */
export function startPaste(changes: Changes = {}) {
  const provider = { ...PROVIDERS.gitlab.provider, manual_redirect_uri: 'none' } as const
  const gitlab = { provider, ...changes.providers?.gitlab }
  const app = startBff({ ...changes, providers: { ...changes.providers, gitlab } })
  /** Opens the address of a sign-in by hand, and gives its state. */
  const startManual = (query: Record<string, string> = {}, by = app.browser) =>
    app.start('gitlab', { manual: '1', ...query }, by)
  const post = (body: string, send: Send = {}, by = app.browser) =>
    by.send(CALLBACK, { method: 'POST', headers: JSON_BODY, body, ...send })
  const paste = (code: unknown, send: Send = {}, by = app.browser) => post(JSON.stringify({ code }), send, by)
  /** What a paste that is refused was told. */
  const refusal = async (answer: Response) => {
    const { error, left } = await answer.json()
    expect(answer.headers.get('forgepass-error')).toBe(error)
    return [answer.status, error, left]
  }
  const logins = () => [...app.browser.jar.cookies.keys()].filter((name) => name.includes('.login.'))
  const isSignedIn = async () => {
    const answer = await app.browser.send('/auth/session')
    return answer.ok && 'gitlab' in (await answer.json())
  }
  return {
    ...app,
    startManual,
    post,
    paste,
    refusal,
    logins,
    isSignedIn,
    seal: () => sealOf(app.browser),
  }
}

export type PasteApp = ReturnType<typeof startPaste>

/** How a paste is answered that finds no sign-in to belong to. */
export const NONE = [409, 'no_transaction', 0]

/** Expects that the sign-in that was there can still be finished. */
export async function expectKept({ paste, isSignedIn }: PasteApp) {
  expect((await paste('canary-code-1')).status).toBe(204)
  expect(await isSignedIn()).toBe(true)
}
