import { createClient, indexedDbStorage } from 'forgepass'
import { gitlab } from 'forgepass/providers'

const base = `${location.origin}/forge/gitlab`
export const client = createClient({
  provider: gitlab({ base }),
  client_id: 'forgepass-demo',
  redirect_uri: '/callback',
  scope: 'read_user read_api',
  storage: indexedDbStorage(),
})

// First, before anything else looks at the address.
export const arrival = client.callback()
export const signIn = () => client.login()
export const projects = () => client.fetch('projects')
export const signOut = () => client.logout()
