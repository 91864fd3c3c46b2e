import { type Choice, isByToken } from './choice.ts'
import options from './server/options.ts?raw'
import bff from './ways/bff.ts?raw'
import gitea from './ways/gitea.ts?raw'
import gitlab from './ways/gitlab.ts?raw'
import personalToken from './ways/personal-token.ts?raw'

/** One file as it runs. */
export interface Source {
  readonly where: 'In the browser' | 'On the server'
  readonly path: string
  readonly text: string
}

const byForge = {
  gitlab: { path: 'demo/ways/gitlab.ts', text: gitlab },
  gitea: { path: 'demo/ways/gitea.ts', text: gitea },
  gitkraken: { path: 'demo/ways/personal-token.ts', text: personalToken },
}

/** The files in which the chosen way is set up. */
export const sourcesOf = ({ forge, tokens }: Choice): readonly Source[] =>
  tokens === 'browser'
    ? [{ where: 'In the browser', ...byForge[forge] }]
    : [
        { where: 'In the browser', path: 'demo/ways/bff.ts', text: bff },
        { where: 'On the server', path: 'demo/server/options.ts', text: options },
      ]

/** What the page does with the client, call by call. */
export const callsOf = (choice: Choice, path: string): readonly string[] => [
  ...(isByToken(choice) ? [] : ['client.callback()']),
  'client.session()',
  isByToken(choice) ? 'client.login({ token })' : 'client.login()',
  `client.fetch('${path}')`,
  'client.logout()',
]
