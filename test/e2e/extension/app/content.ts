import type { Chrome } from './chrome.ts'

declare const chrome: Chrome

/** What a script of the extension finds out in a page of somebody else, for the test to read. */
async function pry() {
  const session = await Promise.resolve(chrome.storage.session?.get(null)).catch((error) => `${error}`)
  const local = await chrome.storage.local.get(null)
  const answers = ['session', 'read', 'login'].map((type) =>
    chrome.runtime.sendMessage({ type }).catch((error) => `${error}`),
  )
  return { session, local, answers: await Promise.all(answers) }
}

pry().then((found) => {
  document.documentElement.dataset.found = JSON.stringify(found)
})
