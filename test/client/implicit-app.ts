import { type ClientOptions, type ImplicitOptions, implicit } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { type Answer, type Changes, json } from './app.ts'

/** Runs a task without a word on the console, and gives the words. */
export function silently<T>(task: () => T): { result: T; words: unknown[] } {
  const words: unknown[] = []
  const { warn } = console
  console.warn = (...more: unknown[]) => words.push(...more)
  try {
    return { result: task(), words }
  } finally {
    console.warn = warn
  }
}

/** What makes an app one of the implicit grant at a GitLab that still has it. */
export const byImplicit = (options?: ImplicitOptions): Changes => ({
  provider: ({ base }) => gitlab({ base, profile: 'documented' }),
  // What login() takes is the same as with a code.
  grant: silently(() => implicit(options)).result as unknown as NonNullable<ClientOptions['grant']>,
})

/** Says at `token/info` that a token is of this application. */
export const tellAudience =
  (uid: unknown): Answer =>
  ({ url }) =>
    json(url.endsWith('/oauth/token/info') ? { application: { uid } } : [])

/** The fragment that brings a person back with a token; what is undefined is left out. */
export function fragment(state: string | null, changes: Record<string, string | undefined> = {}): string {
  const usual = { access_token: 'AT-implicit', token_type: 'bearer', expires_in: '7200', state }
  const parts = Object.entries({ ...usual, ...changes }).filter(([, value]) => value != null)
  return `#${new URLSearchParams(parts as [string, string][])}`
}
