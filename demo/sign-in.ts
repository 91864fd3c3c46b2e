import { createClient, indexedDbStorage } from 'forgepass'
import { gitlab } from 'forgepass/providers'

export const client = createClient({
  provider: gitlab({ base: `${location.origin}/forge/gitlab` }),
  client_id: 'forgepass-demo',
  redirect_uri: '/callback',
  scope: 'read_user read_api',
  storage: indexedDbStorage(), // keeps you signed in over a reload
})

export const arrival = client.callback() // before anything else looks at the URL
export const signIn = () => client.login()
export const projects = () => client.fetch('projects')
export const signOut = () => client.logout()
