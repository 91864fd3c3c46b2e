import { gitea, gitkraken, gitlab } from 'forgepass/providers'
// What each forge gave at registration: from the environment, in an app of your own.
import { apps, cookieSecret } from './secrets.ts'

export const bff = (origin: string) => {
  const at = (forge: string) => ({ base: `${origin}/forge/${forge}` })
  return {
    providers: {
      gitlab: { provider: gitlab(at('gitlab')), ...apps.gitlab, scope: 'read_user read_api' },
      gitea: { provider: gitea(at('gitea')), ...apps.gitea, scope: 'read:user read:repository' },
      gitkraken: { provider: gitkraken(at('gitkraken')), ...apps.gitkraken, scope: 'user:read board:read' },
    },
    cookieSecret,
  }
}
