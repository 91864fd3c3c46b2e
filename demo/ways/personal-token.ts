import { createClient, indexedDbStorage, personalToken } from 'forgepass'
import { gitkraken } from 'forgepass/providers'

// No client_id, no callback: nobody is sent anywhere.
export const createTokenClient = () =>
  createClient({
    provider: gitkraken({ base: `${location.origin}/forge/gitkraken` }),
    grant: personalToken(),
    storage: indexedDbStorage(),
  })
