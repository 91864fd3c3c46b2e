import { createStore, del, get, keys, set } from 'idb-keyval'
import type { Storage } from '../session/storage.ts'

/**
 * Keeps the session in IndexedDB, so that it survives a reload and is shared by the tabs of the origin.
 * Script that runs in the page can read it: choose it knowingly (RFC 10017 section 8).
 */
export function indexedDbStorage(): Storage {
  let opened: ReturnType<typeof createStore> | undefined
  const store = () => {
    opened ??= createStore('forgepass', 'sessions')
    return opened
  }
  return {
    get: async (key) => get(key, store()),
    set: async (key, value) => set(key, value, store()),
    delete: async (key) => del(key, store()),
    keys: async () => keys(store()),
  }
}

/** Keeps records as JSON in a Web Storage area, asked for at each use because asking may throw. */
export function webStorage(area: () => globalThis.Storage): Storage {
  return {
    get(key) {
      try {
        return JSON.parse(`${area().getItem(key)}`)
      } catch {
        // Damaged is as good as absent; a storage that is blocked refuses to be written, too.
      }
    },
    set: (key, value) => area().setItem(key, JSON.stringify(value)),
    delete: (key) => area().removeItem(key),
    keys: () => Object.keys(area()),
  }
}
