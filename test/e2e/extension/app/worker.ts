import { createClient } from 'forgepass'
import { extension, sessionStorageArea } from 'forgepass/extension'
import { gitlab } from 'forgepass/providers'
import type { Chrome, Task } from './chrome.ts'

declare const chrome: Chrome
/** The forge's address, put there by the build. */
declare const FORGE: string

const app = {
  provider: gitlab({ base: FORGE }),
  client_id: 'tides',
  redirect_uri: chrome.identity.getRedirectURL(),
  scope: 'read_user',
  storage: sessionStorageArea(chrome.storage.session),
} as const
const client = createClient({ ...app, flow: extension(chrome.identity) })
const quiet = createClient({ ...app, flow: extension(chrome.identity, { interactive: false }) })

const tasks: Record<Task, () => Promise<unknown>> = {
  login: () => client.login(),
  logout: () => client.logout(),
  read: async () => (await client.fetch('user')).json(),
  renew: () => quiet.login(),
  session: () => client.session(),
}

// Registered before anything waits, or a worker that is woken by a message misses it.
chrome.runtime.onMessage.addListener(({ type }, { url = '' }, reply) => {
  // Content scripts can send messages, too, and run in pages of others.
  if (type === 'changed' || !url.startsWith(chrome.runtime.getURL(''))) return
  tasks[type]().then(
    (value) => reply({ value }),
    ({ code, error, hint }) => reply({ error: { code, error, hint } }),
  )
  return true
})

client.subscribe(() => {
  // It fails where no page is open to hear it.
  chrome.runtime.sendMessage({ type: 'changed' }).catch(() => {})
})
