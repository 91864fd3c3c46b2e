import { createClient, type Flow, indexedDbStorage } from 'forgepass'
import { gitea } from 'forgepass/providers'

export const createGiteaClient = (flow: Flow) =>
  createClient({
    provider: gitea({ base: `${location.origin}/forge/gitea` }),
    client_id: 'forgepass-demo',
    redirect_uri: '/callback/gitea',
    scope: 'read:user read:repository',
    flow,
    storage: indexedDbStorage(),
  })
