import { COLUMNS } from '../../../forges/table.ts'
import { expect, type Scenario } from '../fixtures.ts'
import type { Settings } from '../page/clients.ts'
import { read, signIn } from '../person.ts'
import { requestsTo, tokensOf } from '../wire.ts'
import { expectKept } from './bff.ts'

/** Signs in and reads; every request to the API has the token in its address, and in no header. */
const readBy =
  (client: Settings['client']): Scenario =>
  async ({ page, context, open }) => {
    const place = open({ client, token_in: 'query' })
    const { provider } = place
    await signIn(page, place)
    await read(page)
    const { browser, server } = place
    const [{ access_token } = { access_token: '' }] = tokensOf(client === 'own' ? browser : server, provider)
    const calls = requestsTo([...browser, ...server], provider.api_base)
    // For the account, and for what the page reads.
    expect(calls).toHaveLength(2)
    for (const { request, url } of calls) {
      expect(url.searchParams.getAll('access_token')).toEqual([access_token])
      expect(request.headers.has('authorization')).toBe(false)
      expect(request.headers.has('private-token')).toBe(false)
    }
    if (client === 'bff') await expectKept(context, place)
  }

/** Whoever holds the token sends it: the backend, and the page where it may have one and read what it gets for it. */
export const tokenInTheAddress: Scenario = async (cast) => {
  const { grants, cors } = COLUMNS[cast.column]
  await readBy('bff')(cast)
  if (cors?.api === 'always') await readBy('mediated')(cast)
  if (grants.code === 'public') await readBy('own')(cast)
}
