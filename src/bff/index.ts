export { OAuthError, type OAuthErrorCode } from '../protocol/errors.ts'
export { type Bff, createBff } from './bff.ts'
export type { BffOptions, BffProviderOptions } from './options.ts'
