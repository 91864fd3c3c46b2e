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

/** Where sign-ins under way are kept unless the app says so: in localStorage; in an extension, and where there is none, beside the session. */
export function transactionStorage(beside: Storage = new Map()): Storage {
  const isExtension = /-extension:$/.test(`${globalThis.location?.protocol}`)
  return isExtension || !('localStorage' in globalThis) ? beside : areaStorage(() => localStorage)
}

/**
 * Keeps the session in `sessionStorage`, so that it survives a reload of this tab alone. A duplicated tab starts with a copy: where
 * refresh tokens are used up, the second of the two to renew has to sign in again.
 * Script that runs in the page can read it: choose it knowingly (RFC 10017 section 8).
 */
export const webStorage = (area: globalThis.Storage): Storage => ({
  ...areaStorage(() => area),
  perTab: true,
})

/** Keeps records as JSON in a Web Storage area, asked for at each use because asking may throw. */
function areaStorage(area: () => globalThis.Storage): Storage {
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
