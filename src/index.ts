export { type BffClient, type BffClientOptions, createBffClient } from './client/bff-client.ts'
export { type Client, createClient, type LoginClient } from './client/client.ts'
export {
  type Check,
  type CheckId,
  type DiagnoseOptions,
  type Diagnosis,
  diagnose,
} from './client/diagnose.ts'
export {
  createMediatedClient,
  type MediatedClient,
  type MediatedClientOptions,
} from './client/mediated-client.ts'
export type { ClientOptions, LoginOptions } from './client/options.ts'
export { indexedDbStorage, webStorage } from './client/storage.ts'
export type { Flow, FlowContext } from './flow/flow.ts'
export { type PasteOptions, type PasteQuestion, paste } from './flow/paste.ts'
export { type PopupOptions, popup } from './flow/popup.ts'
export { redirect } from './flow/redirect.ts'
export { relay } from './flow/relay.ts'
export type { Grant, GrantContext } from './grant/grant.ts'
export { type ImplicitOptions, implicit } from './grant/implicit.ts'
export { type PasswordLogin, type PasswordOptions, password } from './grant/password.ts'
export { type PersonalTokenLogin, personalToken } from './grant/personal-token.ts'
export { OAuthError, type OAuthErrorCode, type OAuthErrorDetails } from './protocol/errors.ts'
export type { Claims } from './protocol/token.ts'
export type { Account, Provider } from './provider/provider.ts'
export type { Lock } from './session/lock.ts'
export type { Session } from './session/record.ts'
export type { Storage } from './session/storage.ts'
export type { Listener } from './session/store.ts'
