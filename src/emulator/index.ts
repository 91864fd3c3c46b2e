export { createForge, type ForgeName } from './create-forge.ts'
export type { Forge, ForgeOptions, ForgeRequest } from './forge.ts'
export type { Client as ForgeClient, User as ForgeUser } from './store.ts'
export type { VisitOptions } from './visit.ts'
