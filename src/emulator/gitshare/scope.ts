/** Assumed: GitShare lists no scopes, and these are what its software has from the start. */
export const scopes: Readonly<Record<string, string>> = {
  read: 'Read your files and your profile.',
  write: 'Read and write your files and your profile.',
}

/** What is granted without a scope. */
export const everything = Object.keys(scopes).join(' ')

/** Splits a scope string into scopes that exist, or gives `undefined` if any does not. */
export function readScopes(scope: string): readonly string[] | undefined {
  const names = scope.split(' ').filter(Boolean)
  return names.every((name) => Object.hasOwn(scopes, name)) ? names : undefined
}
