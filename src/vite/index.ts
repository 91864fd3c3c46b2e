export type { BffOption } from './mount-bff.ts'
export { type ForgepassPluginOptions, forgepass } from './plugin.ts'
