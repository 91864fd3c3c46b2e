import { createClient, type Flow, indexedDbStorage } from 'forgepass'
import { gitlab } from 'forgepass/providers'

export const createGitLabClient = (flow: Flow) =>
  createClient({
    provider: gitlab({ base: `${location.origin}/forge/gitlab` }),
    client_id: 'forgepass-demo',
    redirect_uri: '/callback/gitlab',
    scope: 'read_user read_api',
    flow,
    storage: indexedDbStorage(),
  })
