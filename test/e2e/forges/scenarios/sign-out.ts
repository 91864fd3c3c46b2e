import { COLUMNS } from '../../../forges/table.ts'
import { expect, type Scenario } from '../fixtures.ts'
import { answer, expectSignedOut, press, read, signIn } from '../person.ts'
import { type Place, SECRET } from '../place.ts'
import { type Exchange, tokensOf } from '../wire.ts'

/** What the forge says to both tokens of a sign-in, whoever has them. */
async function liveness({ forge, provider, resource }: Place, exchanges: readonly Exchange[]) {
  const [tokens] = tokensOf(exchanges, provider)
  const { access_token = '', refresh_token = '' } = tokens ?? {}
  const headers = { authorization: `Bearer ${access_token}` }
  const read = await forge.fetch(new Request(resource, { headers }))
  const renew = async () => {
    const client = { client_id: 'harbour', client_secret: SECRET }
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, ...client })
    return forge.fetch(new Request(provider.token_endpoint, { method: 'POST', body }))
  }
  return { read: read.status, renew }
}

/** Signs in and out; the tokens work before, and are dead at the forge afterwards. */
const signOut =
  (client: 'own' | 'bff'): Scenario =>
  async ({ page, open }) => {
    const place = open({ client })
    await signIn(page, place)
    await read(page)
    const exchanges = client === 'own' ? place.browser : place.server
    expect(await liveness(place, exchanges)).toMatchObject({ read: 200 })
    await press(page, 'Sign out')
    await expect(answer(page)).toHaveText('revoked: true')
    await expectSignedOut(page)
    const after = await liveness(place, exchanges)
    expect(after.read).toBe(401)
    expect((await after.renew()).status).toBe(400)
  }

/** Whoever holds the tokens takes them back: the backend, and the page where that may be a client. */
export const revoked: Scenario = async (cast) => {
  await signOut('bff')(cast)
  if (COLUMNS[cast.column].grants.code === 'public') await signOut('own')(cast)
}
