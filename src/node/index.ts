export { type Handler, toNodeListener } from './listener.ts'
