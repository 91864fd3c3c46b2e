/** GitCode's scopes, with what its consent page says of them. */
export const scopes: Readonly<Record<string, string>> = {
  all_user: 'Read and write your profile.',
  all_key: 'Read and write your public keys.',
  all_groups: 'Read and write your organizations.',
  all_projects: 'Read and write your projects.',
  all_pr: 'Read and write pull requests.',
  all_issue: 'Read and write issues.',
  all_note: 'Read and write comments.',
  all_hook: 'Read and write webhooks.',
  all_repository: 'Read and write the contents of repositories.',
}

/** What is granted without a scope; assumed, from the only answer that is documented. */
export const everything = Object.keys(scopes).join(' ')

/** Says what an application will be able to do; applications ask for names that no page lists, too. */
export const describeScope = (scope: string) =>
  scope.split(' ').map((name) => ({ name, description: scopes[name] ?? 'Whatever this stands for.' }))
