import { type Actor, basic, bearer, refresh, server } from '../actor.ts'
import { secrets } from '../registered.ts'
import type { Changes, Plan } from '../side.ts'
import type { Case } from './case.ts'

const after = (name: string, plan: (actor: Actor) => Promise<Plan>): Case => ({
  name: `refresh: ${name}`,
  plan,
})

/** The refresh of a fresh pair of the public client, with some of it changed. */
const fresh = (name: string, changes: Changes, asked: Changes = {}): Case =>
  after(name, async ({ winTokens }) => refresh({ ...(await pick(winTokens(asked))), ...changes }))

const pick = async (tokens: Promise<{ refresh_token: string }>) => ({
  refresh_token: (await tokens).refresh_token,
})

/** The refresh of a fresh pair of the confidential client. */
const confidential = (name: string, changes: Changes, headers?: Record<string, string>): Case =>
  after(name, async ({ winTokens }) => ({
    ...refresh({ ...(await pick(winTokens({ client_id: 'server' }, server))), ...changes }),
    ...(headers && { headers }),
  }))

const wide = { scope: 'read_user read_api' }

export const refreshCases: readonly Case[] = [
  fresh('with the client', {}),
  fresh('without a client', { client_id: undefined }),
  fresh('with an empty client', { client_id: '' }),
  fresh('with an unknown client', { client_id: 'nobody' }),
  fresh('with another public client', { client_id: 'other' }),
  fresh('with a confidential client', server),
  fresh('with a secret that the public client does not have', { client_secret: 'x' }),
  fresh('without a refresh token', { refresh_token: undefined }),
  fresh('with an empty refresh token', { refresh_token: '' }),
  fresh('with an unknown refresh token', { refresh_token: 'nonsense' }),
  fresh('with an unknown refresh token and no client', { refresh_token: 'nonsense', client_id: undefined }),
  fresh('with an unknown refresh token and an unknown client', {
    refresh_token: 'nonsense',
    client_id: 'nobody',
  }),
  fresh('with a redirect_uri, as GitLab’s documentation shows', { redirect_uri: 'https://else.test' }),
  fresh('with the same scope', wide, wide),
  fresh('with a narrower scope', { scope: 'read_api' }, wide),
  fresh('with the scopes in another order', { scope: 'read_api read_user' }, wide),
  fresh('with a wider scope', { scope: 'api' }, wide),
  fresh('with an unknown scope', { scope: 'read_minds' }, wide),
  fresh('with an empty scope', { scope: '' }, wide),
  fresh('with scopes instead of scope', { scopes: 'read_api' }, wide),
  fresh('of openid', {}, { scope: 'openid' }),
  after('the access token instead', async ({ winTokens }) =>
    refresh({ refresh_token: (await winTokens()).access_token }),
  ),
  after('G6, a used refresh token', async ({ winTokens, send }) => {
    const { refresh_token } = await winTokens()
    await send(refresh({ refresh_token }))
    return refresh({ refresh_token })
  }),
  after('the old access token', async ({ winTokens, send }) => {
    const { access_token, refresh_token } = await winTokens()
    await send(refresh({ refresh_token }))
    return { path: '/oauth/token/info', headers: bearer(access_token) }
  }),
  after('the new access token once the old refresh token came again', async ({ winTokens, send }) => {
    const { refresh_token } = await winTokens()
    const { access_token } = await (await send(refresh({ refresh_token }))).json()
    await send(refresh({ refresh_token }))
    return { path: '/oauth/token/info', headers: bearer(access_token) }
  }),
  after('when the access token has run out', async ({ winTokens, later }) => {
    const { refresh_token } = await winTokens()
    await later(7201)
    return refresh({ refresh_token })
  }),
  after('of a refreshed pair', async ({ winTokens, send }) => {
    const { refresh_token } = await winTokens()
    return refresh(await pick((await send(refresh({ refresh_token }))).json()))
  }),
  after('after a refusal for its scope', async ({ winTokens, send }) => {
    const { refresh_token } = await winTokens()
    await send(refresh({ refresh_token, scope: 'api' }))
    return refresh({ refresh_token })
  }),
  after('as JSON', async ({ winTokens }) => {
    const { form, ...plan } = refresh(await pick(winTokens()))
    return { ...plan, json: form }
  }),
  after('by a public client by Basic', async ({ winTokens }) => ({
    ...refresh({ ...(await pick(winTokens())), client_id: undefined }),
    headers: basic('spa', ''),
  })),
  confidential('of a confidential client', server),
  confidential('of a confidential client without its secret', { client_id: 'server' }),
  confidential('of a confidential client with a wrong secret', { ...server, client_secret: 'wrong' }),
  confidential('of a confidential client without a client', { client_id: undefined }),
  confidential(
    'of a confidential client by Basic',
    { client_id: undefined },
    basic('server', secrets.server),
  ),
  confidential(
    'of a confidential client by a wrong Basic',
    { client_id: undefined },
    basic('server', 'wrong'),
  ),
  confidential('of a confidential client by a public one', { client_id: 'spa' }),
]
