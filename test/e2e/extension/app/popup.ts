import type { Answer, Chrome, Task } from './chrome.ts'

declare const chrome: Chrome

const element = (id: string) => document.getElementById(id) as HTMLElement

/** Asks the worker, which starts if it must; one that is stopped meanwhile never answers. */
async function ask(type: Task): Promise<unknown> {
  const stopped = { error: { code: 'worker_stopped', hint: 'Try again.' } }
  const { value, error } = (await chrome.runtime.sendMessage({ type }).catch(() => stopped)) as Answer
  if (error)
    element('problem').textContent = [error.code, error.error, error.hint].filter(Boolean).join(' | ')
  return value
}

async function showSession() {
  const session = (await ask('session')) as { account?: { name: string; username: string } } | null
  const { name = 'somebody', username } = session?.account ?? {}
  element('status').textContent = session ? `Signed in as ${name} (${username})` : 'Signed out'
}

for (const type of ['login', 'renew', 'read', 'logout'] as const)
  element(type).addEventListener('click', async () => {
    element('problem').textContent = ''
    element('answer').textContent = ''
    element('answer').textContent = `${type}: ${JSON.stringify(await ask(type)) ?? 'failed'}`
    await showSession()
  })

// The worker says `changed` to all pages of the extension.
chrome.runtime.onMessage.addListener(({ type }) => {
  if (type === 'changed') void showSession()
})
void showSession()
