/** GitLab's scopes, with what its consent page says of them. */
export const scopes: Readonly<Record<string, string>> = {
  api: 'Read and write everything you can reach: groups, projects, packages and registries.',
  read_user: 'Read your profile: username, public e-mail address and full name.',
  read_api: 'Read everything you can reach: groups, projects, packages and registries.',
  read_repository: 'Read the repositories of private projects.',
  write_repository: 'Read and write the repositories of private projects.',
  read_registry: 'Read the container registry images of private projects.',
  write_registry: 'Write the container registry images of private projects.',
  sudo: 'Act as any user, if you are an administrator.',
  openid: 'Sign you in, and read your profile and group memberships.',
  profile: 'Read your profile data through OpenID Connect.',
  email: 'Read your primary e-mail address through OpenID Connect.',
}

/** Splits a scope string (RFC 6749 section 3.3); what stands twice counts once. */
export const scopeList = (scope: string): string[] => [...new Set(scope.split(/ +/).filter(Boolean))]

/** Writes a scope as tokens have it. */
export const normalScope = (scope: string): string => scopeList(scope).join(' ')

/** Tells whether every scope asked for is among `known`; an empty string or one of several lines never is. */
export const hasScopes = (scope: string, known: readonly string[]): boolean =>
  scope !== '' && !/[\n\r\t]/.test(scope) && scopeList(scope).every((name) => known.includes(name))

/** Tells whether two scope strings name the same scopes in any order. */
export const sameScopes = (one: string, other: string): boolean =>
  scopeList(one).sort().join(' ') === scopeList(other).sort().join(' ')
