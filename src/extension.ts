export { type StorageArea, sessionStorageArea } from './client/storage-area.ts'
export { type ExtensionOptions, extension, type Identity } from './flow/extension.ts'
