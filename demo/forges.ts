import type { Choice } from './choice.ts'

/** One thing that the API call lists. */
export interface Item {
  readonly name: string
  readonly about?: string
  readonly tag?: string
}

/** What the demo knows of one forge. */
export interface ForgeFacts {
  readonly name: string
  /** Whether it has a way to take back a token on an app's behalf. */
  readonly revokes: boolean
  /** What is called, below the forge's API base. */
  readonly path: string
  /** What the call gives, in the plural. */
  readonly noun: string
  /** Reads one element of its answer. */
  readonly read: (element: Readonly<Record<string, unknown>>) => Item
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What the demo shows of each forge. */
export const facts: Readonly<Record<Choice['forge'], ForgeFacts>> = {
  gitlab: {
    name: 'GitLab',
    revokes: true,
    path: 'projects',
    noun: 'projects',
    read: ({ name, description, visibility }) => ({
      name: text(name),
      about: text(description),
      tag: text(visibility),
    }),
  },
  gitea: {
    name: 'Gitea',
    revokes: false,
    path: 'user/repos',
    noun: 'repositories',
    read: ({ full_name, description, private: isPrivate }) => ({
      name: text(full_name),
      about: text(description),
      tag: isPrivate === true ? 'private' : 'public',
    }),
  },
  gitkraken: {
    name: 'GitKraken',
    revokes: false,
    path: 'boards',
    noun: 'boards',
    read: ({ name }) => ({ name: text(name) }),
  },
}
