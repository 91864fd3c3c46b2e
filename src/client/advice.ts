import { pageOf } from '../protocol/address.ts'
import type { Provider } from '../provider/provider.ts'

export const useBff =
  'Use createBff and createBffClient, or a personal access token where the forge has them.'

/** Adds where applications are registered, if anybody knows; of an address no part that may hold a password. */
export function withForm(advice: string, { pages }: Provider): string {
  const form = pageOf(pages?.application ?? '')
  return form ? `${advice} Applications are registered at ${form}` : advice
}

/** What to do about an application that has to have a secret. */
export const makePublic = (provider: Provider): string =>
  withForm('Register the application as a public one (not confidential), or use the BFF.', provider)

/** Where people take back themselves what an application was granted; empty if nobody knows. */
export function revokeByHand({ pages }: Provider): string {
  const page = pageOf(pages?.revocation ?? '')
  return page ? `People end its access at ${page}` : ''
}

/** What a preset declares of the pages that may read a token endpoint, to go on a sentence with. */
export function declaredCors({ name, cors }: Provider): string {
  const readers = {
    always: 'every page read it',
    configured: 'pages read it where its admin has allowed CORS',
    never: 'no page read it',
  }
  return cors?.token ? `; by its preset ${name} lets ${readers[cors.token]}` : ''
}

/** What to do where pages may not read a token endpoint. */
export function adviseCors({ name, cors }: Provider): string {
  if (cors?.token === 'never') return `${name} lets no page read it, and no setting changes that. ${useBff}`
  return cors?.token === 'always'
    ? `${name} allows CORS by itself: look at the address, and at what stands before the server.`
    : `Ask the admin of ${name} to allow CORS, or use the BFF.`
}
