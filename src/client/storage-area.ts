import type { Storage } from '../session/storage.ts'

/** What is needed of an area of `chrome.storage`, or of `browser.storage` in Firefox. */
export interface StorageArea {
  get(key: string | null): Promise<Readonly<Record<string, unknown>>>
  set(items: Record<string, unknown>): Promise<void>
  remove(key: string): Promise<void>
}

/**
 * Keeps the session in an extension's `storage.session`: in memory, for as long as the browser runs, so it outlives the service
 * worker and no web page or content script can read it. Any other area would write the tokens to disk.
 */
export const sessionStorageArea = (area: StorageArea): Storage => ({
  get: async (key) => (await area.get(key))[key],
  set: async (key, value) => area.set({ [key]: value }),
  delete: async (key) => area.remove(key),
  keys: async () => Object.keys(await area.get(null)),
})
