import { type Deviations, defineProvider } from '../../src/provider/index.ts'

/**
 * A made-up forge that keeps to the specifications: all that it takes to have another one. What it does otherwise would be one
 * more word here.
 */
export const lumberyard = (base: string, deviation: Deviations = {}) =>
  defineProvider({
    id: 'lumberyard',
    name: 'Lumberyard',
    issuer: base,
    authorization_endpoint: `${base}/oauth/authorize`,
    token_endpoint: `${base}/oauth/token`,
    revocation_endpoint: `${base}/oauth/revoke`,
    api_base: `${base}/api/v4/`,
    default_scope: 'read_user',
    account: {
      url: 'user',
      read: ({ id, username, name }) => ({ id, username, name }),
    },
    ...deviation,
  })
