import type { Gitea } from './profile.ts'

/** What each part of a granular scope such as `read:user` is about. */
const categories: Readonly<Record<string, string>> = {
  activitypub: 'what ActivityPub shows',
  admin: 'the administration of this Gitea',
  issue: 'issues, labels and milestones',
  misc: 'templates and other miscellany',
  notification: 'your notifications',
  organization: 'your organizations and teams',
  package: 'packages',
  repository: 'repositories, their files and releases',
  user: 'your profile and settings',
}

const general: Readonly<Record<string, string>> = {
  openid: 'Know who you are.',
  profile: 'Know your name and picture.',
  email: 'Know your e-mail address.',
  groups: 'Know your organizations and teams.',
}

const everything = {
  name: 'everything',
  description: 'Read and write all you can reach, and all your organizations can.',
}

const isGranular = (name: string): boolean => {
  const [, category = ''] = /^(?:read|write):(\w+)$/.exec(name) ?? []
  return Object.hasOwn(categories, category)
}

const namesOf = (scope: string): string[] => scope.split(' ').filter(Boolean)

/** The scopes that limit a token, or none: then, and if any is unknown, it may do everything. */
function limitsOf(scope: string): readonly string[] {
  const names = namesOf(scope).filter((name) => !Object.hasOwn(general, name))
  return names.every((name) => isGranular(name) || name === 'all') && !names.includes('all') ? names : []
}

/** Says what an application will be able to do; Gitea had no scopes in old times, and Forgejo heeds none. */
export function describeScope(
  scope: string,
  { profile, quirks }: Gitea,
): { name: string; description: string }[] {
  const limits = quirks.has('no_scopes') ? [] : limitsOf(scope)
  const told = limits.map((name) => {
    const [verb = '', category = ''] = name.split(':')
    const description = `${verb === 'read' ? 'Read' : 'Read and write'} ${categories[category]}.`
    return { name, description }
  })
  const known = profile === 'documented' ? [] : namesOf(scope).filter((name) => Object.hasOwn(general, name))
  return [
    ...known.map((name) => ({ name, description: general[name] ?? '' })),
    ...(told.length > 0 ? told : [everything]),
  ]
}

/** Tells which of the categories a token may not read. */
export function unreadable(scope: string, needs: readonly string[]): string[] {
  const limits = limitsOf(scope)
  if (limits.length === 0) return []
  return needs.filter((category) => !limits.some((name) => name.split(':')[1] === category))
}
