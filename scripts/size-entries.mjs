// @ts-check

/**
 * @typedef {object} SizeEntry
 * @property {string} name
 * @property {number} budget bytes after brotli that it is meant to take
 * @property {number} [ceiling] bytes that it may take for now, where the budget is not met yet
 * @property {string} source a module as a user of the package would write it
 * @property {string} [part] the file that alone is weighed, of those that are loaded on demand
 */

/** What only a client that asks for the scope `openid` loads; it has a row of its own. */
export const ON_DEMAND = 'src/protocol/openid.ts'

/** A whole sign-in, every verb in reach of the page, so that nothing a real application uses is left out.
 * @param {string} imports @param {string} options */
const signIn = (imports, options) => `
import { ${imports} } from 'forgepass'
import { gitlab } from 'forgepass/providers'
const client = createClient({ provider: gitlab(), client_id: 'APP', redirect_uri: '/callback', scope: 'read_user'${options} })
client.subscribe(() => { window.snapshot = client.snapshot })
window.callback = client.callback()
window.login = () => client.login({ return_to: location.pathname })
window.session = () => client.session()
window.accessToken = () => client.accessToken()
window.user = () => client.fetch('user')
window.logout = () => client.logout()
`

/** The same for the service worker of a browser extension. */
const worker = `
import { createClient } from 'forgepass'
import { extension, sessionStorageArea } from 'forgepass/extension'
import { gitlab } from 'forgepass/providers'
const client = createClient({
  provider: gitlab(), client_id: 'APP', redirect_uri: chrome.identity.getRedirectURL(), scope: 'read_user',
  flow: extension(chrome.identity), storage: sessionStorageArea(chrome.storage.session),
})
const tasks = {
  login: () => client.login(),
  session: () => client.session(),
  accessToken: () => client.accessToken(),
  user: () => client.fetch('user'),
  logout: () => client.logout(),
}
chrome.runtime.onMessage.addListener(({ type }, sender, reply) => { tasks[type]().then(reply) })
`

/** The same for an application whose tokens stay on its server.
 * @param {string} imports @param {string} options */
const bff = (imports, options) => `
import { ${imports} } from 'forgepass'
const client = createBffClient({ base: '/auth', provider: 'gitkraken'${options} })
client.subscribe(() => { window.snapshot = client.snapshot })
window.callback = client.callback()
window.login = () => client.login({ return_to: location.pathname })
window.session = () => client.session()
window.user = () => client.fetch('user')
window.logout = () => client.logout()
`

/** The same with the access token in the page. */
const mediated = `
import { createMediatedClient } from 'forgepass'
const client = createMediatedClient({ base: '/auth', provider: 'gitlab', api_base: 'https://gitlab.com/api/v4/' })
client.subscribe(() => { window.snapshot = client.snapshot })
window.callback = client.callback()
window.login = () => client.login({ return_to: location.pathname })
window.session = () => client.session()
window.accessToken = () => client.accessToken()
window.user = () => client.fetch('user')
window.logout = () => client.logout()
`

/** What a feature may cost in the browser; what is not imported costs nothing.
 * @type {SizeEntry[]} */
export const SIZE_ENTRIES = [
  { name: 'createClient', budget: 4_500, ceiling: 8_900, source: signIn('createClient', '') },
  {
    name: 'createClient + indexedDbStorage',
    budget: 4_900,
    ceiling: 9_300,
    source: signIn('createClient, indexedDbStorage', ', storage: indexedDbStorage()'),
  },
  {
    name: 'createClient + indexedDbStorage + popup',
    budget: 5_600,
    ceiling: 10_000,
    source: signIn('createClient, indexedDbStorage, popup', ', storage: indexedDbStorage(), flow: popup()'),
  },
  { name: 'openid, loaded on demand', budget: 4_500, source: signIn('createClient', ''), part: ON_DEMAND },
  { name: 'createClient + extension', budget: 5_000, ceiling: 9_350, source: worker },
  { name: 'relay', budget: 400, source: `import { relay } from 'forgepass'\nwindow.relayed = relay()` },
  { name: 'createBffClient', budget: 900, ceiling: 1_300, source: bff('createBffClient', '') },
  {
    name: 'createBffClient + popup',
    budget: 1_700,
    ceiling: 2_250,
    source: bff('createBffClient, popup', ', flow: popup()'),
  },
  { name: 'createMediatedClient', budget: 1_600, ceiling: 2_300, source: mediated },
  {
    name: 'everything',
    budget: 9_000,
    ceiling: 15_200,
    source: `export * from 'forgepass'\nexport * from 'forgepass/providers'`,
  },
]
