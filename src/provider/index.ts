export { type GitLabOptions, gitlab } from './gitlab.ts'
export {
  type Account,
  type AccountEndpoint,
  type ClientType,
  defineProvider,
  type Grants,
  type Metadata,
  type Provider,
  type ProviderInput,
} from './provider.ts'
