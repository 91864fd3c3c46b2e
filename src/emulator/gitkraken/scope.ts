/** The scopes of GitKraken Boards, with what its consent page says of them; writing includes reading. */
export const scopes: Readonly<Record<string, string>> = {
  'board:read': 'Read your boards, with their columns, cards and comments.',
  'board:write': 'Read and write your boards, with their columns, cards and comments.',
  'user:read': 'Read your profile: username, name and e-mail address.',
  'user:write': 'Read and write your profile.',
}

/** Splits a scope string into scopes that exist, or gives `undefined` if any does not or there is none. */
export function readScopes(scope: string): readonly string[] | undefined {
  const names = scope.split(' ').filter(Boolean)
  return names.length > 0 && names.every((name) => Object.hasOwn(scopes, name)) ? names : undefined
}

/** Tells whether a scope string lets a token read boards, or the user. */
export const mayRead = (scope: string, what: 'board' | 'user'): boolean =>
  scope.split(' ').some((name) => name === `${what}:read` || name === `${what}:write`)
