export { forges } from './forges.ts'
export { bff } from './options.ts'
