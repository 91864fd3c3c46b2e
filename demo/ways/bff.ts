import { createBffClient, type Flow } from 'forgepass'

// The same for every forge; all else is up to the server.
export const createServerClient = (provider: string, flow: Flow) =>
  createBffClient({ base: '/auth', provider, flow })
