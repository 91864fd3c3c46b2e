import { createBffClient, createClient, indexedDbStorage, popup, redirect } from 'forgepass'
import { gitlab } from 'forgepass/providers'

// Such as /bff/popup: who keeps the tokens, and how the person gets to the forge and back.
const [, keeper, way] = location.pathname.split('/')
const flow = way === 'popup' ? popup() : redirect()

const client =
  keeper === 'bff'
    ? createBffClient({ base: '/auth', provider: 'gitkraken', flow })
    : createClient({
        provider: gitlab({ base: import.meta.env.VITE_FORGE }),
        client_id: 'forgepass-demo',
        redirect_uri: `/${keeper}/${way}/callback`,
        scope: 'read_user',
        storage: indexedDbStorage(),
        flow,
      })

const element = (id: string) => document.getElementById(id) as HTMLElement

function showSession() {
  const { snapshot } = client
  if (snapshot === undefined) return
  element('status').textContent = snapshot ? `Signed in as ${snapshot.account?.name}` : 'Signed out'
}

const showProblem = (problem: unknown) => {
  element('problem').textContent = `${problem}`
}

/** Lets a button do something, and shows what came of it. */
function onClick(id: string, action: () => Promise<unknown>) {
  element(id).addEventListener('click', async () => {
    try {
      element('answer').textContent = JSON.stringify(await action())
    } catch (problem) {
      showProblem(problem)
    }
  })
}

async function read() {
  const response = await client.fetch(keeper === 'bff' ? 'boards' : 'user')
  return { status: response.status, body: await response.json() }
}

onClick('sign-in', () => client.login())
onClick('read', read)
onClick('sign-out', () => client.logout())
client.subscribe(showSession)
Promise.resolve(client.callback())
  .catch(showProblem)
  .then(() => client.session())
  .then(showSession)
