/** GitHub's scopes that applications ask for most, with what its consent page says of them. */
export const scopes: Readonly<Record<string, string>> = {
  repo: 'Read and write all your public and private repositories.',
  public_repo: 'Read and write your public repositories.',
  workflow: 'Update workflow files.',
  gist: 'Write your gists.',
  notifications: 'Read your notifications.',
  'read:org': 'Read your memberships of organizations and teams.',
  user: 'Read and write your profile.',
  'read:user': 'Read your profile.',
  'user:email': 'Read your e-mail addresses.',
}

/** Picks the scopes that exist, each once; what does not is dropped without a word. */
export const knownScopes = (scope: string): readonly string[] => [
  ...new Set(scope.split(/[\s,]+/).filter((name) => Object.hasOwn(scopes, name))),
]

/** Tells whether a scope string has one of some scopes. */
export const hasAny = (scope: string, names: readonly string[]): boolean =>
  knownScopes(scope).some((name) => names.includes(name))
