import { OAuthError, type OAuthErrorCode } from 'forgepass'

/** What went wrong, for a person: what happened, what the forge said of it, and what to do. */
export interface Problem {
  readonly title: string
  readonly words?: string
  readonly hint: string
  readonly code: string
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Titles of codes that say too little by themselves; the server keeps a forge's own words to itself. */
const TITLES: Partial<Record<OAuthErrorCode, string>> = {
  authorization_error: 'The forge did not let you in',
  popup_blocked: 'The browser has blocked the window',
  token_refused: 'The forge does not take this token',
}

/** Puts an error into words. */
export function describeProblem(error: unknown): Problem {
  if (!(error instanceof OAuthError)) {
    return { title: 'Something broke in this demo', hint: 'Reload the page.', code: `${error}` }
  }
  const { code, hint, provider = 'The forge', error_description } = error
  const wire = error.error
  const base = {
    title: (!wire && TITLES[code]) || sentence((wire ?? code).replaceAll('_', ' ')),
    hint,
    code: wire && wire !== code ? `${code} · ${wire}` : code,
  }
  return error_description ? { ...base, words: `${provider} says: “${error_description}”` } : base
}
