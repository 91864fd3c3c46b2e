export { type ForgepassPluginOptions, forgepass } from './plugin.ts'
