export { type ForgejoOptions, forgejo } from './forgejo.ts'
export { type GitCodeOptions, gitcode } from './gitcode.ts'
export { type GiteaOptions, gitea } from './gitea.ts'
export { type GitHubOptions, github } from './github.ts'
export { type GitKrakenOptions, gitkraken } from './gitkraken.ts'
export { type GitLabOptions, gitlab } from './gitlab.ts'
export { type GitShareOptions, gitshare } from './gitshare.ts'
export {
  type Account,
  type AccountEndpoint,
  type ClientType,
  type Deviations,
  defineProvider,
  type Grants,
  type Metadata,
  type Pages,
  type Provider,
  type ProviderInput,
  type Registration,
  type Sharing,
} from './provider.ts'
